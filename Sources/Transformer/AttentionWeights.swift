import Kernels
import ModelFiles

/// The weights of a layer's attention. A class, so that threads hand it on without counting each matrix's memory.
final class AttentionWeights {
    /// `[hiddenSize]`
    let norm: [Float]
    /// `[headCount * headDim, hiddenSize]`
    let wq: LayerMatrix
    /// `[kvHeadCount * headDim, hiddenSize]`
    let wk: LayerMatrix
    /// `[kvHeadCount * valueDim, hiddenSize]`
    let wv: LayerMatrix
    /// `[hiddenSize, headCount * valueDim]`
    let wo: LayerMatrix
    /// `[headDim]`; nil where heads are not normalized.
    let queryNorm: [Float]?
    /// `[headDim]`
    let keyNorm: [Float]?

    /// How the normed rows meet `wq`, `wk` and `wv`; nil where all three are floats.
    let inputPrecision: ActivationPrecision?
    /// Whether queries and keys are rotated by their positions.
    let rotates: Bool
    /// How many positions a token sees; nil: all before it.
    let window: Int?

    init(_ weights: LoadedWeights, _ configuration: ModelConfiguration, layer: Int) {
        norm = weights.vector(.attentionNorm)
        wq = weights.matrix(.wq, bias: .bq)
        wk = weights.matrix(.wk, bias: .bk)
        wv = weights.matrix(.wv, bias: .bv)
        wo = weights.matrix(.wo, bias: .bo)
        queryNorm = weights.optionalVector(.queryNorm)
        keyNorm = weights.optionalVector(.keyNorm)
        inputPrecision = weights.inputPrecision([.wq, .wk, .wv])
        rotates = !configuration.layersWithoutRotary.contains(layer)
        window = configuration.window(of: layer)
    }
}
