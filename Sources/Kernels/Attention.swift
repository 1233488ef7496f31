import CKernels
import Tensors

/// How the keys and values of 64 positions of one KV head lie in the cache: F16 or F32 keys [headDim][64], right after them
/// values [64][headDim rounded up to 16]; or both quantized in Q8_0 by 32 elements of the head (`CKernels.h`).
public struct KVBlockLayout: Sendable, Equatable {
    /// Positions in one block.
    public static let positionCount = 64

    public let element: ElementType
    public let headDim: Int

    /// - Precondition: `element` is F16, F32 or Q8_0 and `headDim` at least 1.
    public init(element: ElementType, headDim: Int) {
        precondition((element == .f16 || element == .f32 || element == .q8_0) && headDim > 0)
        self.element = element
        self.headDim = headDim
    }

    /// Where the values start, and the bytes of the whole block: both multiples of 64.
    public var valueOffset: Int { Self.positionCount * byteCount(perKey: headDim) }
    public var byteCount: Int { valueOffset + Self.positionCount * byteCount(perKey: (headDim + 15) / 16 * 16) }

    /// Floats in one partial: maximum, sum, padding and the values.
    public var partialStride: Int { sk_partial_stride(headDim) }

    /// Floats of scratch memory that ``KernelSet/attend(_:over:layout:scratch:into:outputTokenStride:outputHeadStride:)``
    /// needs for so many queries: two partials and the quantized form of each.
    public func scratchFloatCount(queries: Int) -> Int {
        queries * (2 * partialStride + quantizedQueryByteCount / MemoryLayout<Float>.stride)
    }

    /// Blocks of 32 elements in a head, the last one filled up, where the cache is quantized.
    var blocksPerHead: Int { element == .q8_0 ? (headDim + 31) / 32 : 0 }

    var quantizedQueryByteCount: Int { blocksPerHead * (32 + MemoryLayout<sk_block>.stride) }

    private func byteCount(perKey width: Int) -> Int {
        element == .q8_0 ? blocksPerHead * element.blockByteCount : element == .f32 ? 4 * width : 2 * width
    }
}

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
    func view(_ layout: KVBlockLayout, ahead: Int) -> sk_queries {
        sk_queries(
            data: data, token_stride: tokenStride, head_stride: headStride, tokens: tokenCount, heads: headCount,
            head_dim: layout.headDim, first_position: Int64(firstPosition), window: Int64(window ?? 0), scale: scale,
            element: layout.element.rawValue, quantized: quantized, ahead: ahead)
    }
}

/// Where the blocks of one layer and KV head are: block b of the sequence at `start + table[b] * stride` bytes; without a
/// table they lie in order.
public struct KVBlocks {
    public var start: UnsafeMutableRawPointer
    public var stride: Int
    public var table: UnsafePointer<Int32>?

    public init(start: UnsafeMutableRawPointer, stride: Int, table: UnsafePointer<Int32>? = nil) {
        self.start = start
        self.stride = stride
        self.table = table
    }

    /// The first byte of block `index`.
    @inline(__always)
    public subscript(index: Int) -> UnsafeMutableRawPointer {
        start + (table.map { Int($0[index]) } ?? index) * stride
    }
}

/// Attention as a left fold over blocks of 64 positions. Partials are [tokens][heads][layout.partialStride] floats; one whose
/// sum (element 1) is 0 is empty.
extension KernelSet {
    /// Writes one position's key: rounded to nearest and clamped, to +-65504 for F16.
    @inline(__always)
    public func store(key: UnsafePointer<Float>, position: Int, in blocks: KVBlocks, layout: KVBlockLayout) {
        let block = blocks[position / KVBlockLayout.positionCount]
        let slot = position % KVBlockLayout.positionCount
        table.pointee.store_key(key, layout.headDim, layout.element.rawValue, block, slot)
    }

    /// The same for its value.
    @inline(__always)
    public func store(value: UnsafePointer<Float>, position: Int, in blocks: KVBlocks, layout: KVBlockLayout) {
        let block = blocks[position / KVBlockLayout.positionCount]
        let slot = position % KVBlockLayout.positionCount
        table.pointee.store_value(value, layout.headDim, layout.element.rawValue, block + layout.valueOffset, slot)
    }

    /// Quantizes a tile's queries, which attention to a quantized cache starts from; for others it does nothing.
    ///
    /// - Parameter memory: `layout.quantizedQueryByteCount` bytes for each query, for as long as the tile is used.
    func quantize(_ tile: inout QueryTile, layout: KVBlockLayout, into memory: UnsafeMutablePointer<Float>) {
        let blockCount = layout.blocksPerHead
        guard blockCount > 0 else { return }
        let queryCount = tile.tokenCount * tile.headCount
        let blocks = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: sk_block.self)
        let quants = UnsafeMutableRawPointer(blocks + queryCount * blockCount).assumingMemoryBound(to: Int8.self)
        tile.quantized = sk_activations(
            quants: quants, blocks: blocks, quant_stride: 32 * blockCount, block_stride: blockCount,
            scale_columns: 32)
        for query in 0..<queryCount {
            let (token, head) = query.quotientAndRemainder(dividingBy: tile.headCount)
            let source = tile.data + token * tile.tokenStride + head * tile.headStride
            let whole = layout.headDim / 32 * 32
            let first = query * blockCount
            if whole > 0 { table.pointee.quantize(source, whole, 32, quants + 32 * first, blocks + first) }
            guard whole < layout.headDim else { continue }
            let last = first + blockCount - 1
            withUnsafeTemporaryAllocation(of: Float.self, capacity: 32) {
                for i in 0..<32 { $0[i] = whole + i < layout.headDim ? source[whole + i] : 0 }
                table.pointee.quantize($0.baseAddress!, 32, 32, quants + 32 * last, blocks + last)
            }
        }
    }

    /// Folds the partial of a later block into `partial`.
    @inline(__always)
    public func fold(_ later: UnsafePointer<Float>, into partial: UnsafeMutablePointer<Float>, layout: KVBlockLayout) {
        table.pointee.fold(partial, later, layout.headDim)
    }

    /// The attention output of one query, [headDim], from its partial over all blocks.
    @inline(__always)
    public func finish(_ partial: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, layout: KVBlockLayout) {
        table.pointee.finish(partial, layout.headDim, out)
    }
}
