import Platform
import Requests
import Synchronization

/// Times the tokens of one HTTP request's choices, on the engine thread.
final class TokenClock: Sendable {
    private let metrics: ServerMetrics
    private let start: Duration
    /// When each choice had its last token.
    private let last: Mutex<[Duration?]>

    init(_ metrics: ServerMetrics, count: Int) {
        self.metrics = metrics
        start = metrics.time.now
        last = Mutex(Array(repeating: nil, count: count))
    }

    func note(_ event: EngineEvent, _ choice: Int) {
        let now = metrics.time.now
        switch event {
        case .token:
            let before = last.withLock { last in
                defer { last[choice] = now }
                return last[choice]
            }
            if let before {
                metrics.noteToken(after: (now - before).seconds)
            } else {
                metrics.noteFirstToken(after: (now - start).seconds)
            }
        case .ended(let result): metrics.noteEnd(result, after: (now - start).seconds)
        case .prompt, .refused, .failed, .lost: break
        }
    }
}
