import Kernels

extension Stage {
    /// x += wDown · (silu(wGate · norm(x)) * (wUp · norm(x))), the SwiGLU network (Shazeer 2020).
    func feedForward(_ layer: LayerWeights, _ x: UnsafeMutablePointer<Float>, _ worker: borrowing Worker) {
        let innerWidth = configuration.intermediateSize
        let width = configuration.hiddenSize
        let hidden = normalize(x, layer.ffnNorm, worker)
        if layer.hasQuantizedGates { quantize(hidden, .plain, worker) }
        worker.barrier()
        multiply(layer.wGate, hidden, .plain, into: workspace.gate, stride: innerWidth, worker)
        multiply(layer.wUp, hidden, .plain, into: workspace.up, stride: innerWidth, worker)
        worker.barrier()
        let gated = Rows(workspace.gate, width: innerWidth, workspace.quantizedGate)
        for row in rows(of: worker) {
            let gate = gated.row(row)
            kernels.swiglu(gate: gate, up: workspace.up + row * innerWidth, count: innerWidth, into: gate)
        }
        if layer.wDown.type.isQuantized { quantize(gated, .fine, scratch: workspace.up, worker) }
        worker.barrier()
        multiply(layer.wDown, gated, .fine, into: workspace.update, stride: width, worker)
        worker.barrier()
        for row in rows(of: worker) {
            addRemainder(of: layer.wDown, to: workspace.update, row: row, width: width)
            kernels.add(workspace.update + row * width, to: x + row * width, count: width)
        }
    }
}
