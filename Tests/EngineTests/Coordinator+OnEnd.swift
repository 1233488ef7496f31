import Microbatches
import Requests
import Testing

@testable import Engine

extension Coordinator {
    /// Starts a generation of which only the result matters; the hash of its logits is in it.
    @discardableResult
    func start(_ request: GenerationRequest, onEnd: @escaping (GenerationResult) -> Void) throws -> SequenceID {
        try start(request, hashesLogits: true) { event in
            switch event {
            case .ended(let result): onEnd(result)
            case .failed(let error): Issue.record(error)
            case .prompt, .token: break
            }
        }
    }
}
