import Kernels
import Microbatches
import ModelFiles

extension Stage {
    /// x += wo · attention(norm(x)): queries, keys and values, rotation, the cache, scores and values, the output. Some
    /// families add biases, normalize heads, look through a window, or do without rotation.
    func attention(
        _ layer: AttentionWeights, _ index: Int, _ spans: Spans, _ x: Rows, _ worker: borrowing Worker
    ) {
        let hidden = normalize(x, layer.norm, layer.inputPrecision, into: workspace.attentionInput, worker)
        project(layer, index, hidden, worker)
        worker.meet()
        attend(layer, index, spans, worker)
        worker.meet()
        let attended = worker.gather(foldAttention(layer, index, worker))
        addProduct(layer.wo, attended, to: x, worker)
        worker.gather(x)
    }

    /// Queries, keys and values, rotated by their positions, keys and values in the cache. A worker takes whole heads through
    /// all of that, so that none waits in between: the three matrices stand in a line, of which each worker has a part.
    private func project(_ layer: AttentionWeights, _ index: Int, _ hidden: Rows, _ worker: borrowing Worker) {
        let (keyLine, valueLine) = (length(layer.wq), length(layer.wq) + length(layer.wk))
        let share = worker.share(of: valueLine + length(layer.wv))
        projectQueries(layer, hidden, columns(of: layer.wq, from: 0, in: share))
        projectKeys(layer, index, hidden, columns(of: layer.wk, from: keyLine, in: share))
        projectValues(layer, index, hidden, columns(of: layer.wv, from: valueLine, in: share))
    }

    /// How long a matrix is in that line. One row waits for memory, whatever is multiplied with it; more rows compute.
    private func length(_ matrix: LayerMatrix) -> Int { matrix.shareCount * cost(matrix) }

    private func cost(_ matrix: LayerMatrix) -> Int { workspace.rowCount > 1 ? matrix.productsPerRow : 1 }

    /// The columns of those of a matrix's shares that begin in `share` of the line, where the matrix begins at `start`.
    private func columns(of matrix: LayerMatrix, from start: Int, in share: Range<Int>) -> Range<Int> {
        let cost = cost(matrix)
        func index(_ place: Int) -> Int { min(max((place - start + cost - 1) / cost, 0), matrix.shareCount) }
        return matrix.columns(inShares: index(share.lowerBound)..<index(share.upperBound))
    }

    private func projectQueries(_ layer: AttentionWeights, _ hidden: Rows, _ columns: Range<Int>) {
        guard !columns.isEmpty else { return }
        let width = layer.wq.rows
        multiply(layer.wq, hidden, columns, into: workspace.queries, stride: width)
        for row in 0..<workspace.rowCount {
            finish(layer.wq, workspace.queries, row: row, columns, stride: width)
            finishHeads(workspace.queries + row * width, columns, layer.queryNorm, rotates: layer.rotates, row: row)
        }
    }

    private func projectKeys(_ layer: AttentionWeights, _ index: Int, _ hidden: Rows, _ columns: Range<Int>) {
        guard !columns.isEmpty else { return }
        let width = layer.wk.rows
        multiply(layer.wk, hidden, columns, into: workspace.keys, stride: width)
        for row in 0..<workspace.rowCount {
            let keys = workspace.keys + row * width
            finish(layer.wk, workspace.keys, row: row, columns, stride: width)
            finishHeads(keys, columns, layer.keyNorm, rotates: layer.rotates, row: row)
            for head in heads(in: columns, size: headDim) {
                kernels.store(
                    key: keys + head * headDim, position: workspace.places[row].position,
                    in: cache.blocks(layer: index, slot: workspace.places[row].slot, kvHead: head),
                    layout: cache.layout)
            }
        }
    }

    private func projectValues(_ layer: AttentionWeights, _ index: Int, _ hidden: Rows, _ columns: Range<Int>) {
        guard !columns.isEmpty else { return }
        let width = layer.wv.rows
        multiply(layer.wv, hidden, columns, into: workspace.values, stride: width)
        for row in 0..<workspace.rowCount {
            let values = workspace.values + row * width
            finish(layer.wv, workspace.values, row: row, columns, stride: width)
            for head in heads(in: columns, size: valueDim) {
                kernels.store(
                    value: values + head * valueDim, position: workspace.places[row].position,
                    in: cache.blocks(layer: index, slot: workspace.places[row].slot, kvHead: head),
                    layout: cache.layout)
            }
        }
    }

    /// RMSNorm of each of some heads of queries or keys, and rotation by the row's position, where the layer has them.
    private func finishHeads(
        _ x: UnsafeMutablePointer<Float>, _ columns: Range<Int>, _ norm: [Float]?, rotates: Bool, row: Int
    ) {
        let heads = heads(in: columns, size: headDim)
        if let norm {
            for head in heads {
                let x = x + head * headDim
                kernels.rmsNorm(x, weight: norm, count: headDim, epsilon: configuration.rmsNormEpsilon, into: x)
            }
        }
        guard rotates else { return }
        kernels.rotate(
            x + columns.lowerBound, heads: heads.count, headStride: headDim,
            cosines: workspace.cosines + row * rotary.pairCount, sines: workspace.sines + row * rotary.pairCount,
            pairCount: rotary.pairCount, pairing: rotary.pairing)
    }

    /// The whole heads that columns consist of.
    private func heads(in columns: Range<Int>, size: Int) -> Range<Int> {
        columns.lowerBound / size..<columns.upperBound / size
    }

    private var headDim: Int { configuration.headDim }
    private var valueDim: Int { configuration.valueDim }
}
