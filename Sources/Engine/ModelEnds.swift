import Transformer

/// What rank 0 does at the two ends of the layers: tokens become hidden states, hidden states become logits.
protocol ModelEnds {
    /// Writes the hidden states `[tokens.count, hiddenSize]` of `tokens`.
    func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>)

    /// Calls `body` for each row of `hidden` `[count, hiddenSize]` in order, with its index and logits `[vocabSize]`,
    /// which are valid during the call only. ``OutputHead/tileRows`` rows are computed at once.
    func forEachRow(
        of hidden: UnsafePointer<Float>, count: Int, _ body: (Int, UnsafeBufferPointer<Float>) throws -> Void
    ) rethrows
}

/// The ends of a model whose weights are there.
struct ComputedEnds: ModelEnds {
    let embedding: TokenEmbedding
    let head: OutputHead

    func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>) {
        embedding.write(tokens, to: hidden)
    }

    func forEachRow(
        of hidden: UnsafePointer<Float>, count: Int, _ body: (Int, UnsafeBufferPointer<Float>) throws -> Void
    ) rethrows {
        try head.forEachRow(of: hidden, count: count, body)
    }
}
