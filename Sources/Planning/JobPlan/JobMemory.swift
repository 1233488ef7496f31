import Microbatches
import Tensors

/// What a run keeps of keys and values.
public struct JobMemory: Sendable, Equatable, Codable {
    /// How they are kept.
    public var type: ElementType
    /// Bytes that each rank gives to them; nil: for full sequences, as far as its host has them left.
    public var byteLimit: Int?
    /// Room for them, in blocks of 64 positions: as much as is asked for, until ranks have said what they can hold.
    public var capacity: KVCapacity

    public init(type: ElementType, context: Int, sequences: Int, byteLimit: Int? = nil) {
        self.type = type
        self.byteLimit = byteLimit
        capacity = .roomy(slotCount: sequences, contextLength: context)
    }

    /// The most tokens of a sequence.
    public var context: Int { capacity.contextLength }
    /// Sequences that run side by side.
    public var sequences: Int { capacity.slotCount }

    /// Blocks without which not even one sequence of full length runs: it may need a copy of one that it shares.
    var leastBlocks: Int { capacity.blocksPerSlot + 1 }

    /// Tokens of the longest sequence that runs with the blocks there are.
    public var longestSequence: Int { max(0, capacity.blockCount - 1) * KVCapacity.positionsPerBlock }

    /// Blocks that a rank can hold.
    ///
    /// - Parameters:
    ///   - blockBytes: Bytes of one block in all of the rank's layers.
    ///   - weightBytes: Bytes of its weights, which come out of what is available; a tenth of the rest is kept free.
    ///   - available: Bytes that its host has left for it; nil: not known, or not to be looked at.
    public func affordableBlocks(blockBytes: Int, weightBytes: Int, available: Int?) -> Int {
        guard blockBytes > 0 else { return .max }
        let rest = available.map { max(0, $0 - weightBytes) / 10 * 9 } ?? .max
        return min(byteLimit ?? .max, rest) / blockBytes
    }
}
