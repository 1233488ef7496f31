/// How much the KV cache of every stage holds; the same on all of them.
public struct KVCapacity: Sendable, Equatable, Codable {
    /// Positions in one block, which is also the unit of attention's fold.
    public static let positionsPerBlock = 64

    /// Blocks that all sequences share.
    public var blockCount: Int
    /// Sequences that live side by side.
    public var slotCount: Int
    /// The most positions of one sequence.
    public var contextLength: Int

    public init(blockCount: Int, slotCount: Int, contextLength: Int) {
        self.blockCount = blockCount
        self.slotCount = slotCount
        self.contextLength = contextLength
    }

    /// Room for `slotCount` sequences of full length.
    public init(slotCount: Int, contextLength: Int) {
        self.init(
            blockCount: slotCount * Self.blocks(forPositions: contextLength), slotCount: slotCount,
            contextLength: contextLength)
    }

    /// The same, and a block more: a sequence may need a copy of one that it shares.
    public static func roomy(slotCount: Int, contextLength: Int) -> KVCapacity {
        var capacity = KVCapacity(slotCount: slotCount, contextLength: contextLength)
        capacity.blockCount += 1
        return capacity
    }

    /// Entries of one slot's table.
    public var blocksPerSlot: Int { Self.blocks(forPositions: contextLength) }

    public static func blocks(forPositions count: Int) -> Int { (count + positionsPerBlock - 1) / positionsPerBlock }
}
