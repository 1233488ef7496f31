/// What `score` prints.
public struct ScoreReport: Codable, Sendable {
    public var ids: [Int32]
    /// Negative log-likelihood in nats; entry i is that of `ids[i + 1]`.
    public var nll: [Double]
    /// The likeliest token after each one.
    public var argmax: [Int32]
    public var meanNLL: Double
    public var perplexity: Double

    public init(
        ids: [Int32], nll: [Double], argmax: [Int32], meanNLL: Double, perplexity: Double
    ) {
        self.ids = ids
        self.nll = nll
        self.argmax = argmax
        self.meanNLL = meanNLL
        self.perplexity = perplexity
    }

    private enum CodingKeys: String, CodingKey {
        case ids, nll, argmax, perplexity
        case meanNLL = "meanNll"
    }
}
