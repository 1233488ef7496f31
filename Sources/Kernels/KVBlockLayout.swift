import CKernels
import Tensors

/// How the keys and values of 64 positions of one KV head lie in the cache: F16 or F32 keys [headDim][64], right after them
/// values [64][valueDim rounded up to 16]; or both quantized in Q8_0 by 32 elements of the head (`CKernels.h`).
public struct KVBlockLayout: Sendable, Equatable {
    /// Positions in one block.
    public static let positionCount = 64

    public let element: ElementType
    /// Elements of a key, and of a query.
    public let headDim: Int
    /// Elements of a value.
    public let valueDim: Int

    /// - Parameter valueDim: nil: as wide as keys.
    /// - Precondition: `element` is F16, F32 or Q8_0 and widths are at least 1.
    public init(element: ElementType, headDim: Int, valueDim: Int? = nil) {
        precondition((element == .f16 || element == .f32 || element == .q8_0) && headDim > 0 && valueDim ?? 1 > 0)
        self.element = element
        self.headDim = headDim
        self.valueDim = valueDim ?? headDim
    }

    /// Where the values start, and the bytes of the whole block: both multiples of 64.
    public var valueOffset: Int { Self.positionCount * byteCount(of: headDim) }
    public var byteCount: Int { valueOffset + Self.positionCount * byteCount(of: (valueDim + 15) / 16 * 16) }

    /// Floats in one partial: maximum, sum, padding and the values.
    public var partialStride: Int { sk_partial_stride(valueDim) }

    /// Floats of scratch memory that ``KernelSet/attend(_:over:layout:scratch:into:outputTokenStride:outputHeadStride:)``
    /// needs for so many queries: two partials and the quantized form of each.
    public func scratchFloatCount(queries: Int) -> Int {
        queries * (2 * partialStride + quantizedQueryByteCount / MemoryLayout<Float>.stride)
    }

    /// Blocks of 32 elements in a query, the last one filled up, where the cache is quantized.
    var blocksPerQuery: Int { element == .q8_0 ? (headDim + 31) / 32 : 0 }

    var quantizedQueryByteCount: Int { blocksPerQuery * (32 + MemoryLayout<sk_block>.stride) }

    /// Bytes of one position's key or value.
    private func byteCount(of width: Int) -> Int {
        (width + element.blockLength - 1) / element.blockLength * element.blockByteCount
    }
}
