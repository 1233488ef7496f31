import ModelFiles
import Tensors

/// What ranks need memory for, worked out without loading anything.
public struct MemoryDemand: Sendable {
    public var shape: ModelShape
    public var kvType: ElementType
    /// Positions that each sequence has room for.
    public var context: Int
    public var sequences: Int
    /// The most rows of a microbatch.
    public var rowCapacity: Int

    /// - Parameter rowCapacity: nil: the model's.
    public init(_ shape: ModelShape, kvType: ElementType, context: Int, sequences: Int, rowCapacity: Int? = nil) {
        self.shape = shape
        self.kvType = kvType
        self.context = context
        self.sequences = sequences
        self.rowCapacity = rowCapacity ?? shape.rowCapacity
    }

    /// Bytes of a rank's weights: its layers, and on rank 0 the output head. The embedding stays in the file, of which a
    /// token reads one row.
    public func weightBytes(_ layers: Range<Int>, rank: Int) -> Int {
        shape.layers[layers].reduce(rank == 0 ? shape.head.byteCount : 0) { $0 + $1.byteCount }
    }

    /// Bytes of the keys and values of so many layers; `Int.max` where the true number is beyond it.
    public func kvBytes(layerCount: Int) -> Int {
        let blocks = (context + 63) / 64
        // One more: a sequence may need a copy of a block that it shares.
        let (all, overflow) = blocks.multipliedReportingOverflow(by: sequences)
        guard !overflow, all < .max / 64 - 1 else { return .max }
        return MemoryEstimate.kvBytes(
            layerCount: layerCount, kvHeadCount: shape.kvHeadCount, headDim: shape.headDim,
            valueDim: shape.valueDim, context: (all + 1) * 64, kvType: kvType)
    }

    /// Bytes of everything else: the program, MPI, rows of hidden states on their way and inside a layer; on rank 0 logits
    /// and the vocabulary.
    public func otherBytes(rank: Int) -> Int {
        let floats =
            8 * shape.hiddenSize + 2 * shape.size(.queries) + 2 * shape.size(.attended) + 4 * shape.intermediateSize
        return Self.programBytes + 4 * rowCapacity * floats
            + (rank == 0 ? (4 * 32 + Self.bytesPerWord) * shape.vocabSize : 0)
    }

    private static let programBytes = 24 << 20
    private static let bytesPerWord = 256

    /// Whether a rank with so much memory can own `layers`; a tenth of what weights leave is kept free.
    func fits(_ layers: Range<Int>, rank: Int, in memory: Int?) -> Bool {
        guard let memory else { return true }
        return kvBytes(layerCount: layers.count) <= room(beside: layers, rank: rank, in: memory)
    }

    private func room(beside layers: Range<Int>, rank: Int, in memory: Int) -> Int {
        (memory - weightBytes(layers, rank: rank) - otherBytes(rank: rank)) / 10 * 9
    }
}
