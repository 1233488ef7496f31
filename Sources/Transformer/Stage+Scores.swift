import Kernels
import Microbatches

/// Attention itself: queries meet the keys and values of the cache.
extension Stage {
    /// This worker's pieces of the attention, as ``AttentionPlan`` shares them out.
    func attend(_ layer: AttentionWeights, _ index: Int, _ spans: Spans, _ worker: borrowing Worker) {
        let scratch = workspace.attentionScratch(of: worker)
        let (headDim, valueDim) = (configuration.headDim, configuration.valueDim)
        let (width, outputWidth) = (layer.wq.rows, layer.wo.columns)
        for piece in plans[index].pieces(of: worker) {
            let item = piece.item
            let (row, head) = (item.rows.lowerBound, item.kvHead * queriesPerKVHead)
            let tile = QueryTile(
                data: workspace.queries + row * width + head * headDim, tokenStride: width, headStride: headDim,
                tokenCount: item.rows.count, headCount: queriesPerKVHead, firstPosition: item.firstPosition,
                window: layer.window, scale: configuration.scoreScale)
            let blocks = cache.blocks(layer: index, slot: Int(spans[item.span].slot), kvHead: item.kvHead)
            guard let partials = piece.partials else {
                kernels.attend(
                    tile, over: blocks, layout: cache.layout, scratch: scratch,
                    into: workspace.attended + row * outputWidth + head * valueDim,
                    outputTokenStride: outputWidth, outputHeadStride: valueDim)
                continue
            }
            if piece.isFirst {
                kernels.attendFolding(
                    tile, run: piece.blocks, of: blocks, layout: cache.layout, scratch: scratch, into: partials)
            } else {
                kernels.attendKeeping(
                    tile, run: piece.blocks, of: blocks, layout: cache.layout, scratch: scratch, into: partials)
            }
        }
    }

    /// Folds what was cut and quantizes for `wo`: this worker's part of all rows' heads.
    func foldAttention(_ layer: AttentionWeights, _ index: Int, _ worker: borrowing Worker) -> Rows {
        let attended = Rows(workspace.attended, width: layer.wo.columns, workspace.quantizedAttended)
        let headCount = configuration.headCount
        // As many heads as fill whole blocks of the quantized rows: they are as wide as those of values.
        let headsPerShare = layer.wv.rowsPerShare / configuration.valueDim
        let sharesPerRow = (headCount + headsPerShare - 1) / headsPerShare
        var shares = worker.share(of: workspace.rowCount * sharesPerRow)
        while !shares.isEmpty {
            let (row, first) = shares.lowerBound.quotientAndRemainder(dividingBy: sharesPerRow)
            let count = min(sharesPerRow - first, shares.count)
            let heads = first * headsPerShare..<min((first + count) * headsPerShare, headCount)
            for cut in plans[index].cuts where cut.item.rows.contains(row) {
                fold(cut, row, heads, into: attended.row(row))
            }
            if layer.wo.isQuantized {
                let columns = heads.lowerBound * configuration.valueDim..<heads.upperBound * configuration.valueDim
                workspace.quantizedAttended.quantize(attended.row(row), row: row, columns: columns, with: kernels)
            }
            shares = shares.dropFirst(count)
        }
        return attended
    }

    /// Folds the partials of those of `heads` that belong to an item in pieces.
    private func fold(
        _ cut: AttentionPlan.Cut, _ row: Int, _ heads: Range<Int>, into output: UnsafeMutablePointer<Float>
    ) {
        let stride = cache.layout.partialStride
        let setSize = cut.item.rows.count * queriesPerKVHead * stride
        let own = cut.item.kvHead * queriesPerKVHead..<(cut.item.kvHead + 1) * queriesPerKVHead
        for head in heads.clamped(to: own) {
            let query = (row - cut.item.rows.lowerBound) * queriesPerKVHead + head - own.lowerBound
            let partial = cut.partials + query * stride
            for set in 1..<cut.setCount {
                kernels.fold(partial + set * setSize, into: partial, layout: cache.layout)
            }
            kernels.finish(partial, into: output + head * configuration.valueDim, layout: cache.layout)
        }
    }

    private var queriesPerKVHead: Int { configuration.headCount / configuration.kvHeadCount }
}
