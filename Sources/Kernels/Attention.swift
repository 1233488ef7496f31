import CKernels
import Tensors

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
        table.pointee.store_value(value, layout.valueDim, layout.element.rawValue, block + layout.valueOffset, slot)
    }

    /// Quantizes a tile's queries, which attention to a quantized cache starts from; for others it does nothing.
    ///
    /// - Parameter memory: `layout.quantizedQueryByteCount` bytes for each query, for as long as the tile is used.
    func quantize(_ tile: inout QueryTile, layout: KVBlockLayout, into memory: UnsafeMutablePointer<Float>) {
        let blockCount = layout.blocksPerQuery
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
        table.pointee.fold(partial, later, layout.valueDim)
    }

    /// The attention output of one query, [valueDim], from its partial over all blocks.
    @inline(__always)
    public func finish(_ partial: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>, layout: KVBlockLayout) {
        table.pointee.finish(partial, layout.valueDim, out)
    }
}
