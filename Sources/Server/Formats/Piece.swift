import Requests
import Sampling

/// A part of a choice: text and tokens that came together.
struct Piece {
    /// Of the prompt's tokens from the second on, where an echo asks for them.
    var prompt: [TokenLogprobs]?
    var text = ""
    var logprobs: [TokenLogprobs] = []
    /// Why it ended, with its last piece.
    var finish: StopReason?
}
