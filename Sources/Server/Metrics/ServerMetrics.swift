import Platform
import Requests
import Synchronization

/// What the server counts and times.
final class ServerMetrics: Sendable {
    struct Values: Sendable {
        /// Requests by route and status.
        var requests: [RequestKind: Int] = [:]
        var promptTokens = 0
        var cachedTokens = 0
        var generatedTokens = 0
        /// Answers that found the queue full, and those that ended before their time.
        var refusals = 0
        var cancellations = 0
        /// From an answer's admission to its first token (TTFT).
        var timeToFirstToken = Histogram.ofRequests
        /// From a token to the next (ITL).
        var interTokenTime = Histogram.ofTokens
        /// Waiting for a slot.
        var queueTime = Histogram.ofRequests
        /// Whole answers.
        var answerTime = Histogram.ofRequests
    }

    struct RequestKind: Hashable, Sendable {
        let route: String
        let status: Int
    }

    /// By which all that happens here is timed.
    let time: any TimeSource
    private let values = Mutex(Values())

    init(time: any TimeSource = MachineTime()) { self.time = time }

    var snapshot: Values { values.withLock { $0 } }
    /// Of answers, in seconds.
    var meanSeconds: Double { values.withLock { $0.answerTime.mean } }

    func countRequest(_ route: String, status: Int) {
        values.withLock { $0.requests[RequestKind(route: route, status: status), default: 0] += 1 }
    }

    func countRefusal() { values.withLock { $0.refusals += 1 } }

    func noteFirstToken(after seconds: Double) { values.withLock { $0.timeToFirstToken.record(seconds) } }

    func noteToken(after seconds: Double) { values.withLock { $0.interTokenTime.record(seconds) } }

    func noteEnd(_ result: GenerationResult, after seconds: Double) {
        values.withLock { values in
            values.promptTokens += result.promptIDs.count
            values.cachedTokens += result.timings.reusedTokens
            values.generatedTokens += result.ids.count
            if result.stopReason == .cancelled { values.cancellations += 1 }
            values.queueTime.record(result.timings.queueSeconds)
            values.answerTime.record(seconds)
        }
    }
}
