import Sampling
import Tokenization

/// Log-probabilities in the form of the older API: lists with an entry for each token.
struct TextLogprobs: Encodable {
    private(set) var tokens: [String] = []
    private(set) var tokenLogprobs: [Nullable<Double>] = []
    private(set) var topLogprobs: [Nullable<[String: Double]>] = []
    /// Where each token begins, in characters (Unicode scalars) from the text's start.
    private(set) var textOffset: [Int] = []
    /// Where the last one ends.
    private(set) var end: Int

    private enum CodingKeys: CodingKey { case tokens, tokenLogprobs, topLogprobs, textOffset }

    /// - Parameter offset: Where the first token begins.
    init(offset: Int) { end = offset }

    mutating func append(_ id: TokenID, _ logprobs: TokenLogprobs?, _ spelling: (TokenID) -> String) {
        let token = spelling(id)
        tokens.append(token)
        tokenLogprobs.append(Nullable(wrappedValue: logprobs?.token.logprob))
        let likeliest = logprobs.map { logprobs in
            // Two tokens may look alike; the likelier one comes first.
            Dictionary(logprobs.likeliest.map { (spelling($0.id), $0.logprob) }) { first, _ in first }
        }
        topLogprobs.append(Nullable(wrappedValue: likeliest))
        textOffset.append(end)
        end += token.unicodeScalars.count
    }
}
