import ModelFiles

/// The weights of a SwiGLU network. A class, so that threads hand it on without counting each matrix's memory.
final class DenseWeights {
    /// `[hiddenSize]`
    let norm: [Float]
    /// `[intermediateSize, hiddenSize]`
    let wGate: LayerMatrix
    /// `[intermediateSize, hiddenSize]`
    let wUp: LayerMatrix
    /// `[hiddenSize, intermediateSize]`
    let wDown: LayerMatrix

    /// How the normed rows meet `wGate` and `wUp`; nil where both are floats.
    let inputPrecision: ActivationPrecision?

    init(_ weights: LoadedWeights) {
        norm = weights.vector(.ffnNorm)
        wGate = weights.matrix(.wGate, bias: .bGate)
        wUp = weights.matrix(.wUp, bias: .bUp)
        wDown = weights.matrix(.wDown, bias: .bDown)
        inputPrecision = weights.inputPrecision([.wGate, .wUp])
    }
}
