import Requests
import Sampling
import Tokenization

/// How an answer looks on the wire: the chat's or the text completion's form.
protocol AnswerFormat: Sendable {
    /// The whole answer at once.
    func whole(_ choices: [Choice], _ usage: Usage) -> [UInt8]
    /// What a stream begins with, for one choice; nil: with its first text.
    func opening(_ choice: Choice) -> [UInt8]?
    /// What came of one choice since the last time.
    func piece(_ piece: Piece, of choice: Choice) -> [UInt8]
    /// What a stream ends with, where it was asked for.
    func closing(_ usage: Usage) -> [UInt8]
}

/// A part of a choice: text and tokens that came together.
struct Piece {
    /// Of the prompt's tokens from the second on, where an echo asks for them.
    var prompt: [TokenLogprobs]?
    var text = ""
    var logprobs: [TokenLogprobs] = []
    /// Why it ended, with its last piece.
    var finish: StopReason?
}

/// One of the answers to one prompt.
struct Choice {
    let index: Int
    let promptIDs: [TokenID]
    var piece = Piece()
    var result: GenerationResult?
    var sampledCount = 0
    /// Tokens that earlier pieces told of, for the older form's offsets.
    var sentTokens: [TokenLogprobs] = []
}

/// What every object of an answer says of it.
struct AnswerHead: Sendable {
    let id: String
    /// Seconds since 1970.
    let created: Int
    let model: String
    let seed: UInt64
    /// The build: with model and seed it says that the same answer can be had again.
    let systemFingerprint = "stagecoach-\(Build.version)"
}
