import Transformer

/// What rank 0 does at the two ends of the layers: tokens become hidden states, hidden states become logits.
protocol ModelEnds {
    /// Writes the hidden states `[tokens.count, hiddenSize]` of `tokens`. What it throws ends the run.
    func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>) throws

    /// The logits of `hidden` `[count, hiddenSize]`, of up to ``OutputHead/tileRows`` rows at once.
    func logits(of hidden: UnsafePointer<Float>, count: Int) -> LogitTile
}
