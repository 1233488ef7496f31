/// The weights of a layer's second half, by the kind of network that it is.
enum FeedForwardWeights {
    /// One network for all rows.
    case dense(DenseWeights)

    init(_ weights: LoadedWeights) { self = .dense(DenseWeights(weights)) }
}
