import Requests

/// One of the answers to one prompt.
struct Choice {
    let index: Int
    let request: GenerationRequest
    var piece = Piece()
    var result: GenerationResult?
    var sampledCount = 0
}
