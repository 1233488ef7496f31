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

    // What some families have besides.

    /// `[headCount * headDim]`
    let bq: [Float]?
    /// `[kvHeadCount * headDim]`
    let bk: [Float]?
    /// `[kvHeadCount * headDim]`
    let bv: [Float]?
    /// `[hiddenSize]`
    let bo: [Float]?
    /// `[headDim]`
    let queryNorm: [Float]?
    /// `[headDim]`
    let keyNorm: [Float]?
    /// Whether queries and keys turn with their positions.
    let turns: Bool
    /// How many positions a token sees; nil: all before it.
    let window: Int?

    init(
        _ model: Model, layer index: Int, arena: inout WeightArena, loader: WeightLoader
    ) throws {
        let tensors = model.layer(index)
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
        bq = tensors.bq.map(loader.vector)
        bk = tensors.bk.map(loader.vector)
        bv = tensors.bv.map(loader.vector)
        bo = tensors.bo.map(loader.vector)
        queryNorm = tensors.queryNorm.map(loader.vector)
        keyNorm = tensors.keyNorm.map(loader.vector)
        turns = !model.configuration.layersWithoutRotary.contains(index)
        window = model.configuration.window(of: index)
    }

    /// Whether queries, keys or values come from integer weights.
    var hasQuantizedProjections: Bool { wq.type.isQuantized || wk.type.isQuantized || wv.type.isQuantized }
    /// Whether the feed-forward network begins with integer weights.
    var hasQuantizedGates: Bool { wGate.type.isQuantized || wUp.type.isQuantized }
}
