import Kernels
import ModelFiles

/// The weights of one decoder layer, matrices packed for the kernels.
struct LayerWeights {
    /// `[hiddenSize]`
    let attentionNorm: [Float]
    /// `[headCount * headDim, hiddenSize]`
    let wq: PackedMatrix
    /// `[kvHeadCount * headDim, hiddenSize]`
    let wk: PackedMatrix
    /// `[kvHeadCount * headDim, hiddenSize]`
    let wv: PackedMatrix
    /// `[hiddenSize, headCount * headDim]`
    let wo: PackedMatrix
    /// `[hiddenSize]`
    let ffnNorm: [Float]
    /// `[intermediateSize, hiddenSize]`
    let wGate: PackedMatrix
    /// `[intermediateSize, hiddenSize]`
    let wUp: PackedMatrix
    /// `[hiddenSize, intermediateSize]`
    let wDown: PackedMatrix

    init(_ tensors: LayerTensors, arena: inout WeightArena, loader: WeightLoader) throws {
        func matrix(_ tensor: TensorView) throws -> PackedMatrix {
            let matrix = try arena.place(tensor)
            try loader.pack(tensor, into: matrix)
            return matrix
        }
        attentionNorm = loader.vector(tensors.attentionNorm)
        wq = try matrix(tensors.wq)
        wk = try matrix(tensors.wk)
        wv = try matrix(tensors.wv)
        wo = try matrix(tensors.wo)
        ffnNorm = loader.vector(tensors.ffnNorm)
        wGate = try matrix(tensors.wGate)
        wUp = try matrix(tensors.wUp)
        wDown = try matrix(tensors.wDown)
    }

    /// Whether queries, keys or values come from integer weights.
    var hasQuantizedProjections: Bool { wq.type.isQuantized || wk.type.isQuantized || wv.type.isQuantized }
    /// Whether the feed-forward network begins with integer weights.
    var hasQuantizedGates: Bool { wGate.type.isQuantized || wUp.type.isQuantized }
}
