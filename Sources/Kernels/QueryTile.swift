import CKernels

/// The query heads that share one KV head, for consecutive positions of one sequence: `data` is [tokens][heads][headDim].
///
/// The token at position p sees positions up to p and, with a window, only the last `window` of them.
public struct QueryTile {
    public var data: UnsafePointer<Float>
    public var tokenStride: Int
    public var headStride: Int
    public var tokenCount: Int
    public var headCount: Int
    public var firstPosition: Int
    public var window: Int?
    public var scale: Float
    /// The same queries for a quantized cache; ``KernelSet/quantize(_:layout:into:)`` makes them.
    var quantized = sk_activations()

    public init(
        data: UnsafePointer<Float>, tokenStride: Int, headStride: Int, tokenCount: Int, headCount: Int,
        firstPosition: Int,
        window: Int? = nil, scale: Float
    ) {
        self.data = data
        self.tokenStride = tokenStride
        self.headStride = headStride
        self.tokenCount = tokenCount
        self.headCount = headCount
        self.firstPosition = firstPosition
        self.window = window
        self.scale = scale
    }

    /// The blocks of 64 positions that any of the tile's tokens sees.
    public var visibleBlocks: Range<Int> {
        let first = window.map { max(0, firstPosition + 1 - $0) } ?? 0
        return first / KVBlockLayout.positionCount..<(firstPosition + tokenCount - 1) / KVBlockLayout.positionCount + 1
    }

    @inline(__always)
    func view(_ layout: KVBlockLayout, prefetchDistance: Int) -> sk_queries {
        sk_queries(
            data: data, token_stride: tokenStride, head_stride: headStride, tokens: tokenCount, heads: headCount,
            head_dim: layout.headDim, value_dim: layout.valueDim, first_position: Int64(firstPosition),
            window: Int64(window ?? 0), scale: scale, element: layout.element.rawValue, quantized: quantized,
            prefetch_distance: prefetchDistance)
    }
}
