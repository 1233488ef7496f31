import Kernels
import Microbatches
import ModelFiles

extension Stage {
    /// x += wo · attention(norm(x)): queries, keys and values, rotation, the cache, scores and values, the output.
    func attention(
        _ layer: LayerWeights, _ index: Int, _ spans: Spans, _ x: UnsafeMutablePointer<Float>,
        _ worker: borrowing Worker
    ) {
        let queryWidth = configuration.headCount * configuration.headDim
        let keyWidth = configuration.kvHeadCount * configuration.headDim
        let hidden = normalize(x, layer.attentionNorm, worker)
        if layer.hasQuantizedProjections { quantize(hidden, .fine, scratch: workspace.update, worker) }
        worker.barrier()
        multiply(layer.wq, hidden, .plain, into: workspace.queries, stride: queryWidth, worker)
        multiply(layer.wk, hidden, .fine, into: workspace.keys, stride: keyWidth, worker)
        multiply(layer.wv, hidden, .fine, into: workspace.values, stride: keyWidth, worker)
        worker.barrier()
        for row in rows(of: worker) {
            addRemainder(of: layer.wk, to: workspace.keys, row: row, width: keyWidth)
            addRemainder(of: layer.wv, to: workspace.values, row: row, width: keyWidth)
            rotateAndStore(row, layer: index)
        }
        worker.barrier()
        attend(layer: index, spans, worker)
        worker.barrier()
        let attended = Rows(workspace.attended, width: queryWidth, workspace.quantizedAttended)
        if layer.wo.type.isQuantized { quantize(attended, .plain, worker) }
        worker.barrier()
        let width = configuration.hiddenSize
        multiply(layer.wo, attended, .plain, into: workspace.update, stride: width, worker)
        worker.barrier()
        for row in rows(of: worker) { kernels.add(workspace.update + row * width, to: x + row * width, count: width) }
    }

    /// Turns a row's queries and keys by its position and puts its keys and values into the cache.
    private func rotateAndStore(_ row: Int, layer: Int) {
        let headDim = configuration.headDim
        let place = workspace.places[row]
        let keys = workspace.keys + row * configuration.kvHeadCount * headDim
        let values = workspace.values + row * configuration.kvHeadCount * headDim
        rotate(workspace.queries + row * configuration.headCount * headDim, heads: configuration.headCount, row: row)
        rotate(keys, heads: configuration.kvHeadCount, row: row)
        for head in 0..<configuration.kvHeadCount {
            kernels.store(
                key: keys + head * headDim, value: values + head * headDim, position: place.position,
                in: cache.blocks(layer: layer, slot: place.slot, kvHead: head), layout: cache.layout)
        }
    }

    private func rotate(_ x: UnsafeMutablePointer<Float>, heads: Int, row: Int) {
        kernels.rotate(
            x, heads: heads, headStride: configuration.headDim, cosines: workspace.cosines + row * rotary.pairCount,
            sines: workspace.sines + row * rotary.pairCount, pairCount: rotary.pairCount, pairing: rotary.pairing)
    }

    /// Rows that go through the cache together: enough to reuse a block while it is in the core's cache.
    static let attentionTileRows = 8

    /// Splits tiles of rows times query heads evenly over the threads, whatever the number of heads.
    ///
    /// Heads of a thread's share that use the same KV head go together.
    private func attend(layer: Int, _ spans: Spans, _ worker: borrowing Worker) {
        let headCount = configuration.headCount
        var tileCount = 0
        for span in spans { tileCount += span.tileCount }
        var share = worker.share(of: tileCount * headCount)
        var firstTile = 0
        var firstRow = 0
        for span in spans {
            let units = firstTile * headCount..<(firstTile + span.tileCount) * headCount
            while share.lowerBound < units.upperBound, !share.isEmpty {
                let (tile, head) = (share.lowerBound - units.lowerBound).quotientAndRemainder(dividingBy: headCount)
                let groupEnd = (head / queriesPerKVHead + 1) * queriesPerKVHead
                let heads = head..<min(groupEnd, head + share.count)
                let rows = tile * Self.attentionTileRows..<min((tile + 1) * Self.attentionTileRows, Int(span.count))
                attend(span, rows, firstRow: firstRow, heads, layer: layer, worker)
                share = share.dropFirst(heads.count)
            }
            firstTile += span.tileCount
            firstRow += Int(span.count)
        }
    }

    private func attend(
        _ span: Span, _ rows: Range<Int>, firstRow: Int, _ heads: Range<Int>, layer: Int, _ worker: borrowing Worker
    ) {
        let headDim = configuration.headDim
        let width = configuration.headCount * headDim
        let start = (firstRow + rows.lowerBound) * width + heads.lowerBound * headDim
        let tile = QueryTile(
            data: workspace.queries + start, tokenStride: width, headStride: headDim, tokenCount: rows.count,
            headCount: heads.count, firstPosition: Int(span.firstPosition) + rows.lowerBound,
            scale: 1 / Float(headDim).squareRoot())
        kernels.attend(
            tile,
            over: cache.blocks(layer: layer, slot: Int(span.slot), kvHead: heads.lowerBound / queriesPerKVHead),
            layout: cache.layout, scratch: workspace.attentionScratch(of: worker), into: workspace.attended + start,
            outputTokenStride: width, outputHeadStride: headDim)
    }

    private var queriesPerKVHead: Int { configuration.headCount / configuration.kvHeadCount }
}

extension Span {
    fileprivate var tileCount: Int { (Int(count) + Stage.attentionTileRows - 1) / Stage.attentionTileRows }
}
