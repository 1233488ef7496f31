import Kernels
import Microbatches
import ModelFiles

extension Stage {
    /// x += wo · attention(norm(x)): queries, keys and values, rotation, the cache, scores and values, the output. Some
    /// families add biases, normalize heads, look through a window, or do without rotation.
    func attention(
        _ layer: LayerWeights, _ index: Int, _ spans: Spans, _ x: UnsafeMutablePointer<Float>,
        _ worker: borrowing Worker
    ) {
        let hidden = normalize(
            x, layer.attentionNorm, layer.hasQuantizedProjections ? .fine : nil,
            into: workspace.finelyNormed, worker)
        project(layer, index, hidden, worker)
        worker.barrier()
        let plan = layer.window.flatMap { _ in windowPlan } ?? plan
        attend(layer, index, plan, spans, worker)
        worker.barrier()
        gatherAttention(plan, quantizing: layer.wo.type.isQuantized, worker)
        worker.barrier()
        let queryWidth = configuration.headCount * configuration.headDim
        let attended = Rows(workspace.attended, width: queryWidth, workspace.quantizedAttended)
        addProduct(layer.wo, attended, layer.bo, to: x, worker)
        worker.barrier()
    }

    /// Queries, keys and values, turned by their positions, keys and values in the cache. A thread takes whole heads through
    /// all of that, so that none waits in between.
    private func project(_ layer: LayerWeights, _ index: Int, _ hidden: Rows, _ worker: borrowing Worker) {
        let queryUnits = (configuration.headCount + headsPerUnit - 1) / headsPerUnit
        let keyUnits = (configuration.kvHeadCount + headsPerUnit - 1) / headsPerUnit
        // One row waits for memory, whatever is multiplied with it; more rows compute, keys and values twice.
        let cost = workspace.rowCount > 1 && layer.hasQuantizedProjections ? 2 : 1
        let share = worker.share(of: queryUnits + 2 * keyUnits * cost)
        func heads(from line: Int, _ unitCount: Int, _ cost: Int, _ headCount: Int) -> Range<Int> {
            func unit(_ place: Int) -> Int { min(max((place - line + cost - 1) / cost, 0), unitCount) }
            let units = unit(share.lowerBound)..<unit(share.upperBound)
            // The last unit may be longer than what is left.
            return min(units.lowerBound * headsPerUnit, headCount)..<min(units.upperBound * headsPerUnit, headCount)
        }
        projectQueries(layer, hidden, heads(from: 0, queryUnits, 1, configuration.headCount))
        projectKeys(layer, index, hidden, heads(from: queryUnits, keyUnits, cost, configuration.kvHeadCount))
        projectValues(
            layer, index, hidden, heads(from: queryUnits + keyUnits * cost, keyUnits, cost, configuration.kvHeadCount))
    }

    private func projectQueries(_ layer: LayerWeights, _ hidden: Rows, _ heads: Range<Int>) {
        guard !heads.isEmpty else { return }
        let width = configuration.headCount * configuration.headDim
        multiply(layer.wq, hidden, .plain, columns(of: heads), into: workspace.queries, stride: width)
        for row in 0..<workspace.rowCount {
            let queries = workspace.queries + row * width
            add(layer.bq, to: queries, columns(of: heads))
            normalize(queries, heads, layer.queryNorm)
            if layer.turns { rotate(queries, heads, row: row) }
        }
    }

    private func projectKeys(_ layer: LayerWeights, _ index: Int, _ hidden: Rows, _ heads: Range<Int>) {
        guard !heads.isEmpty else { return }
        let headDim = configuration.headDim
        let width = configuration.kvHeadCount * headDim
        multiply(layer.wk, hidden, .fine, columns(of: heads), into: workspace.keys, stride: width)
        for row in 0..<workspace.rowCount {
            let keys = workspace.keys + row * width
            addRemainder(of: layer.wk, to: workspace.keys, row: row, columns(of: heads), width: width)
            add(layer.bk, to: keys, columns(of: heads))
            normalize(keys, heads, layer.keyNorm)
            if layer.turns { rotate(keys, heads, row: row) }
            for head in heads {
                kernels.store(
                    key: keys + head * headDim, position: workspace.places[row].position,
                    in: cache.blocks(layer: index, slot: workspace.places[row].slot, kvHead: head),
                    layout: cache.layout)
            }
        }
    }

    private func projectValues(_ layer: LayerWeights, _ index: Int, _ hidden: Rows, _ heads: Range<Int>) {
        guard !heads.isEmpty else { return }
        let headDim = configuration.headDim
        let width = configuration.kvHeadCount * headDim
        multiply(layer.wv, hidden, .fine, columns(of: heads), into: workspace.values, stride: width)
        for row in 0..<workspace.rowCount {
            let values = workspace.values + row * width
            addRemainder(of: layer.wv, to: workspace.values, row: row, columns(of: heads), width: width)
            add(layer.bv, to: values, columns(of: heads))
            for head in heads {
                kernels.store(
                    value: values + head * headDim, position: workspace.places[row].position,
                    in: cache.blocks(layer: index, slot: workspace.places[row].slot, kvHead: head),
                    layout: cache.layout)
            }
        }
    }

    private func columns(of heads: Range<Int>) -> Range<Int> {
        heads.lowerBound * configuration.headDim..<heads.upperBound * configuration.headDim
    }

    /// RMSNorm of each of some heads of a row, where the family has it.
    private func normalize(_ row: UnsafeMutablePointer<Float>, _ heads: Range<Int>, _ weight: [Float]?) {
        guard let weight else { return }
        for head in heads {
            let x = row + head * configuration.headDim
            kernels.rmsNorm(
                x, weight: weight, count: configuration.headDim, epsilon: configuration.rmsNormEpsilon, into: x)
        }
    }

    /// Turns some heads of a row by its position.
    private func rotate(_ x: UnsafeMutablePointer<Float>, _ heads: Range<Int>, row: Int) {
        kernels.rotate(
            x + heads.lowerBound * configuration.headDim, heads: heads.count, headStride: configuration.headDim,
            cosines: workspace.cosines + row * rotary.pairCount, sines: workspace.sines + row * rotary.pairCount,
            pairCount: rotary.pairCount, pairing: rotary.pairing)
    }

    /// This thread's pieces of the attention, as ``AttentionPlan`` shares them out.
    private func attend(
        _ layer: LayerWeights, _ index: Int, _ plan: AttentionPlan, _ spans: Spans, _ worker: borrowing Worker
    ) {
        let scratch = workspace.attentionScratch(of: worker)
        let headDim = configuration.headDim
        let width = configuration.headCount * headDim
        for piece in plan.pieces(of: worker.index) {
            let item = piece.item
            let start = item.rows.lowerBound * width + item.kvHead * queriesPerKVHead * headDim
            let tile = QueryTile(
                data: workspace.queries + start, tokenStride: width, headStride: headDim, tokenCount: item.rows.count,
                headCount: queriesPerKVHead, firstPosition: item.firstPosition, window: layer.window,
                scale: 1 / Float(headDim).squareRoot())
            let blocks = cache.blocks(layer: index, slot: Int(spans[item.span].slot), kvHead: item.kvHead)
            guard let partials = piece.partials else {
                kernels.attend(
                    tile, over: blocks, layout: cache.layout, scratch: scratch, into: workspace.attended + start,
                    outputTokenStride: width, outputHeadStride: headDim)
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

    /// Folds what was cut and quantizes for `wo`: this thread's part of all rows' heads.
    private func gatherAttention(_ plan: AttentionPlan, quantizing: Bool, _ worker: borrowing Worker) {
        let headCount = configuration.headCount
        let unitsPerRow = (headCount + headsPerUnit - 1) / headsPerUnit
        var units = worker.share(of: workspace.rowCount * unitsPerRow)
        while !units.isEmpty {
            let (row, first) = units.lowerBound.quotientAndRemainder(dividingBy: unitsPerRow)
            let count = min(unitsPerRow - first, units.count)
            let heads = first * headsPerUnit..<min((first + count) * headsPerUnit, headCount)
            let output = workspace.attended + row * headCount * configuration.headDim
            for cut in plan.cuts where cut.item.rows.contains(row) { fold(cut, row, heads, into: output) }
            if quantizing {
                workspace.quantizedAttended.quantize(output, row: row, columns: columns(of: heads), with: kernels)
            }
            units = units.dropFirst(count)
        }
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
            kernels.finish(partial, into: output + head * configuration.headDim, layout: cache.layout)
        }
    }

    /// The fewest heads that fill whole quantized blocks, and so whole row groups too: the smallest share of a thread.
    private var headsPerUnit: Int {
        var count = 1
        while count * configuration.headDim % 32 != 0 { count += 1 }
        return count
    }

    var queriesPerKVHead: Int { configuration.headCount / configuration.kvHeadCount }
}
