import ModelFiles
import Tensors

/// What a rank keeps in memory for its slice of a model, worked out without loading it.
public struct MemoryEstimate: Sendable, Equatable {
    /// Bytes of the weights as the file stores them; on rank 0 with embedding, final norm and output head.
    public var weightBytes: Int
    /// Bytes of keys and values for the whole context.
    public var kvBytes: Int

    public var totalBytes: Int { Self.saturatingSum(weightBytes, kvBytes) }

    public init(weightBytes: Int, kvBytes: Int) {
        self.weightBytes = weightBytes
        self.kvBytes = kvBytes
    }

    /// - Parameters:
    ///   - context: positions that the cache has room for; it comes in blocks of 64.
    ///   - kvType: the element type of keys and values.
    public init(_ model: Model, partition: Partition, rank: Int, context: Int, kvType: ElementType) {
        let layers = partition.layers(of: rank)
        weightBytes = layers.reduce(0) { $0 + model.layer($1).byteCount }
        if rank == 0 {
            weightBytes += model.tokenEmbedding.byteCount + model.outputNorm.byteCount
            if !model.configuration.hasTiedOutputHead { weightBytes += model.outputHead.byteCount }
        }
        let configuration = model.configuration
        kvBytes = Self.kvBytes(
            layerCount: layers.count, kvHeadCount: configuration.kvHeadCount, headDim: configuration.headDim,
            valueDim: configuration.valueDim, context: context, kvType: kvType)
    }

    /// Bytes of keys and values for `layerCount` layers; `Int.max` where the true number is beyond it.
    ///
    /// - Parameters:
    ///   - headDim: elements in one head of keys.
    ///   - valueDim: elements in one head of values; nil: as many.
    public static func kvBytes(
        layerCount: Int, kvHeadCount: Int, headDim: Int, valueDim: Int? = nil, context: Int, kvType: ElementType
    ) -> Int {
        func blocks(_ count: Int, of size: Int) -> Int { count / size + (count % size == 0 ? 0 : 1) }
        let perHead = saturatingSum(
            blocks(headDim, of: kvType.blockLength), blocks(valueDim ?? headDim, of: kvType.blockLength))
        return [perHead, kvType.blockByteCount, kvHeadCount, blocks(context, of: 64), 64].reduce(
            layerCount, saturatingProduct)
    }

    private static func saturatingProduct(_ a: Int, _ b: Int) -> Int {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? .max : product
    }

    private static func saturatingSum(_ a: Int, _ b: Int) -> Int {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}
