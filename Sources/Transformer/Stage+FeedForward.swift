import Kernels

extension Stage {
    /// x += feedForward(norm(x)), as the layer's kind of network does it; the rows are still to be gathered.
    func feedForward(_ layer: FeedForwardWeights, _ index: Int, _ x: Rows, _ worker: borrowing Worker) -> Gathering {
        switch layer {
        case .dense(let dense): feedForward(dense, index, x, worker)
        }
        return worker.beginGather(x)
    }

    /// x += wDown · (silu(wGate · norm(x)) * (wUp · norm(x))), the SwiGLU network (Shazeer 2020).
    private func feedForward(_ layer: DenseWeights, _ index: Int, _ x: Rows, _ worker: borrowing Worker) {
        let hidden = normalize(x, layer.norm, layer.inputPrecision, into: workspace.feedForwardInput, worker)
        let gated = worker.gather(gate(layer, hidden, worker))
        addProduct(layer.wDown, gated, to: x, noting: index, worker)
    }

    /// silu(wGate · hidden) * (wUp · hidden), quantized for `wDown`. A worker takes the same rows of both matrices, so that
    /// none waits in between.
    private func gate(_ layer: DenseWeights, _ hidden: Rows, _ worker: borrowing Worker) -> Rows {
        let width = layer.wGate.rows
        var outliers = hidden.outliers
        outliers?.reaches = workspace.gateReaches
        let gated = Rows(workspace.gate, width: width, workspace.quantizedGate, outliers)
        let columns = columns(of: layer.wGate, worker)
        guard !columns.isEmpty else { return gated }
        multiply(layer.wGate, hidden, columns, into: workspace.gate, stride: width)
        multiply(layer.wUp, hidden, columns, into: workspace.up, stride: width)
        for row in 0..<workspace.rowCount {
            finish(layer.wGate, workspace.gate, row: row, columns, stride: width)
            finish(layer.wUp, workspace.up, row: row, columns, stride: width)
            let gate = gated.row(row)
            let up = workspace.up + row * width
            kernels.swiglu(
                gate: gate + columns.lowerBound, up: up + columns.lowerBound, count: columns.count,
                into: gate + columns.lowerBound)
            guard layer.wDown.isQuantized else { continue }
            workspace.quantizedGate.quantize(gate, row: row, columns: columns, with: kernels)
            kernels.reaches(
                of: workspace.quantizedGate, row: row, columns: columns,
                into: workspace.gateReaches + (row * width + columns.lowerBound) / 32)
        }
        return gated
    }
}
