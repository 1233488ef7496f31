import Transformer

/// What rank 0 does at the two ends of the layers: tokens become hidden states, hidden states become logits.
protocol ModelEnds {
    /// Writes the hidden states `[tokens.count, hiddenSize]` of `tokens`.
    func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>)

    /// The logits of `hidden` `[count, hiddenSize]`, of up to ``OutputHead/tileRows`` rows at once.
    func logits(of hidden: UnsafePointer<Float>, count: Int) -> LogitTile
}

/// The ends of a model whose weights are there.
struct ComputedEnds: ModelEnds {
    let embedding: TokenEmbedding
    let head: OutputHead

    func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>) {
        embedding.write(tokens, to: hidden)
    }

    func logits(of hidden: UnsafePointer<Float>, count: Int) -> LogitTile { head.logits(of: hidden, count: count) }
}
