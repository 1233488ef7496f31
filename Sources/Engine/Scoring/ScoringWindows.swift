import Tokenization

/// How a text that is longer than the context is scored: in windows as long as the context, one after the other, of each
/// of which the second half counts, where every token has at least half a context before it. So llama-perplexity does it,
/// and what does not fill a window is left out.
public struct ScoringWindows: Sendable {
    /// Tokens of a window.
    public let length: Int
    public let count: Int
    /// Tokens of the text that fill no window.
    public let remainder: Int

    /// nil where the context holds all tokens, or is too short to tell anything.
    public init?(tokenCount: Int, contextLength: Int) {
        guard tokenCount > contextLength, contextLength > 1 else { return nil }
        length = contextLength
        count = tokenCount / contextLength
        remainder = tokenCount % contextLength
    }

    public var tokenCount: Int { count * length }

    /// Where each window is in the text.
    public var ranges: [Range<Int>] { (0..<count).map { $0 * length..<($0 + 1) * length } }

    /// Whether what follows a position of a window counts.
    func counts(_ position: Int) -> Bool { position >= length / 2 }
}
