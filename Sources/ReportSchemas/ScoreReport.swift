/// What `score` prints.
public struct ScoreReport: Codable, Sendable {
    public var ids: [Int32]
    /// Negative log-likelihood in nats; entry i is that of `ids[i + 1]`; nil where it does not count.
    public var nll: [Double?]
    /// The likeliest token after each one.
    public var argmax: [Int32]
    public var meanNLL: Double
    public var perplexity: Double
    /// In how many windows a text longer than the context was taken; nil for one that the context holds.
    public var windows: Int?

    public init(
        ids: [Int32], nll: [Double?], argmax: [Int32], meanNLL: Double, perplexity: Double, windows: Int? = nil
    ) {
        self.ids = ids
        self.nll = nll
        self.argmax = argmax
        self.meanNLL = meanNLL
        self.perplexity = perplexity
        self.windows = windows
    }

    private enum CodingKeys: String, CodingKey {
        case ids, nll, argmax, perplexity, windows
        case meanNLL = "meanNll"
    }
}
