import Kernels

extension Stage {
    /// x += wDown · (silu(wGate · norm(x)) * (wUp · norm(x))), the SwiGLU network (Shazeer 2020).
    func feedForward(
        _ layer: LayerWeights, _ index: Int, _ x: UnsafeMutablePointer<Float>, _ worker: borrowing Worker
    ) {
        let hidden = normalize(
            x, layer.ffnNorm, layer.hasQuantizedGates ? .plain : nil, into: workspace.quantizedNormed, worker)
        let gated = gate(layer, hidden, worker)
        worker.barrier()
        addProduct(layer.wDown, gated, to: x, noting: index, worker)
        worker.barrier()
    }

    /// silu(wGate · hidden) * (wUp · hidden), quantized for `wDown`. A thread takes the same rows of both matrices, so that
    /// none waits in between.
    private func gate(_ layer: LayerWeights, _ hidden: Rows, _ worker: borrowing Worker) -> Rows {
        let width = configuration.intermediateSize
        let gated = Rows(workspace.gate, width: width, workspace.quantizedGate)
        let blocks = worker.share(of: (width + 31) / 32)
        let columns = blocks.lowerBound * 32..<min(blocks.upperBound * 32, width)
        guard !columns.isEmpty else { return gated }
        multiply(layer.wGate, hidden, .plain, columns, into: workspace.gate, stride: width)
        multiply(layer.wUp, hidden, .plain, columns, into: workspace.up, stride: width)
        for row in 0..<workspace.rowCount {
            let gate = gated.row(row)
            let up = workspace.up + row * width
            kernels.swiglu(
                gate: gate + columns.lowerBound, up: up + columns.lowerBound, count: columns.count,
                into: gate + columns.lowerBound)
            guard layer.wDown.type.isQuantized else { continue }
            gated.quantized.quantize(gate, row: row, columns: columns, with: kernels)
        }
        return gated
    }
}
