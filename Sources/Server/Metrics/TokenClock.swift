import Platform
import Requests
import Synchronization

/// Times the tokens of one HTTP request's choices, on the engine thread.
final class TokenClock: Sendable {
    private let metrics: ServerMetrics
    private let start = ContinuousClock.now
    /// When each choice had its last token.
    private let last: Mutex<[ContinuousClock.Instant?]>

    init(_ metrics: ServerMetrics, count: Int) {
        self.metrics = metrics
        last = Mutex(Array(repeating: nil, count: count))
    }

    func note(_ event: EngineEvent, _ choice: Int) {
        let now = ContinuousClock.now
        switch event {
        case .token:
            let before = last.withLock { last in
                defer { last[choice] = now }
                return last[choice]
            }
            if let before {
                metrics.noteToken(after: before.duration(to: now).seconds)
            } else {
                metrics.noteFirstToken(after: start.duration(to: now).seconds)
            }
        case .ended(let result): metrics.noteEnd(result, after: start.duration(to: now).seconds)
        case .prompt, .refused, .lost: break
        }
    }
}
