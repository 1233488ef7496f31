import CKernels
import Tensors

/// Attention of a tile of queries over runs of blocks: all it sees, or one thread's part of them.
extension KernelSet {
    /// Attention of a tile over all the blocks it sees, in order: out is [tokens][heads][valueDim] with the given strides.
    ///
    /// - Parameter scratch: `layout.scratchFloatCount(queries: tokenCount * headCount)` floats of the calling thread.
    public func attend(
        _ tile: QueryTile, over blocks: KVBlocks, layout: KVBlockLayout, scratch: UnsafeMutablePointer<Float>,
        into out: UnsafeMutablePointer<Float>, outputTokenStride: Int, outputHeadStride: Int
    ) {
        attendFolding(
            tile, run: tile.visibleBlocks, of: blocks, layout: layout,
            scratch: scratch + partialFloatCount(tile, layout), into: scratch)
        for token in 0..<tile.tokenCount {
            for head in 0..<tile.headCount {
                finish(
                    scratch + (token * tile.headCount + head) * layout.partialStride,
                    into: out + token * outputTokenStride + head * outputHeadStride, layout: layout)
            }
        }
    }

    /// The partials of a tile's first blocks, folded into one set `[tokens][heads][partialStride]`.
    ///
    /// - Parameter scratch: one more set and the quantized queries.
    public func attendFolding(
        _ tile: QueryTile, run: Range<Int>, of blocks: KVBlocks, layout: KVBlockLayout,
        scratch: UnsafeMutablePointer<Float>, into partials: UnsafeMutablePointer<Float>
    ) {
        var tile = tile
        quantize(&tile, layout: layout, into: scratch + partialFloatCount(tile, layout))
        let queries = tile.tokenCount * tile.headCount
        for query in 0..<queries { partials[query * layout.partialStride + 1] = 0 }
        for block in run {
            attend(tile, block: block, of: run, in: blocks, layout: layout, partials: scratch)
            for query in 0..<queries {
                let offset = query * layout.partialStride
                fold(scratch + offset, into: partials + offset, layout: layout)
            }
        }
    }

    /// The partials of later blocks, a set for each block of `run`.
    ///
    /// - Parameter scratch: one set and the quantized queries.
    public func attendKeeping(
        _ tile: QueryTile, run: Range<Int>, of blocks: KVBlocks, layout: KVBlockLayout,
        scratch: UnsafeMutablePointer<Float>, into partials: UnsafeMutablePointer<Float>
    ) {
        var tile = tile
        let size = partialFloatCount(tile, layout)
        quantize(&tile, layout: layout, into: scratch + size)
        for block in run {
            let set = partials + (block - run.lowerBound) * size
            attend(tile, block: block, of: run, in: blocks, layout: layout, partials: set)
        }
    }

    /// The partials of one block; the next one of `run` is fetched meanwhile.
    @inline(__always)
    private func attend(
        _ tile: QueryTile, block: Int, of run: Range<Int>, in blocks: KVBlocks, layout: KVBlockLayout,
        partials: UnsafeMutablePointer<Float>
    ) {
        let start = blocks[block]
        let distance = block + 1 < run.upperBound ? blocks[block + 1] - start : 0
        withUnsafePointer(to: tile.view(layout, prefetchDistance: distance)) {
            table.pointee.attend($0, start, start + layout.valueOffset, Int64(block), partials)
        }
    }

    /// Floats of one set of partials.
    private func partialFloatCount(_ tile: QueryTile, _ layout: KVBlockLayout) -> Int {
        tile.tokenCount * tile.headCount * layout.partialStride
    }
}
