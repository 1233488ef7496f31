import Tokenization

/// How likely the model found a token, and which ones it found likeliest: natural logarithms of probabilities.
public struct TokenLogprobs: Sendable, Equatable, Codable {
    public struct Entry: Sendable, Equatable, Codable {
        public var id: TokenID
        public var logprob: Double

        public init(id: TokenID, logprob: Double) {
            self.id = id
            self.logprob = logprob
        }
    }

    public var token: Entry
    /// The likeliest tokens in descending order, of equals the lower id first.
    public var likeliest: [Entry]

    public init(token: Entry, likeliest: [Entry]) {
        self.token = token
        self.likeliest = likeliest
    }
}
