import Transformer

/// The ends of a model whose weights are there.
struct ComputedEnds: ModelEnds {
    let embedding: TokenEmbedding
    let head: OutputHead

    func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>) throws {
        try embedding.write(tokens, to: hidden)
    }

    func logits(of hidden: UnsafePointer<Float>, count: Int) -> LogitTile { head.logits(of: hidden, count: count) }
}
