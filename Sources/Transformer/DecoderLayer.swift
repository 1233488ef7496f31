import ModelFiles

/// One decoder layer in memory: x += attention(norm(x)), x += feedForward(norm(x)).
struct DecoderLayer {
    let attention: AttentionWeights
    let feedForward: FeedForwardWeights

    /// Loads layer `index` of a model into the arena's next places.
    init(_ model: Model, layer index: Int, arena: inout WeightArena, loader: WeightLoader) throws {
        let weights = try LoadedWeights(model.layer(index), model.configuration, arena: &arena, loader: loader)
        attention = AttentionWeights(weights, model.configuration, layer: index)
        feedForward = FeedForwardWeights(weights)
    }
}
