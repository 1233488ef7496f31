import Tokenization

/// Adds to the logits of single tokens; -infinity bans a token.
struct LogitBias: LogitsProcessor {
    private let biases: [(id: TokenID, bias: Double)]

    /// nil where there is none.
    init?(_ parameters: SamplingParameters) {
        biases = parameters.logitBias.map { ($0, $1) }
        if biases.isEmpty { return nil }
    }

    /// Ids outside the vocabulary have no logit.
    func process(_ logits: UnsafeMutableBufferPointer<Double>, after history: [TokenID]) {
        for (id, bias) in biases where logits.indices.contains(Int(id)) { logits[Int(id)] += bias }
    }
}
