import Hummingbird
import Platform
import Requests
import Synchronization

/// All answers under way: lets new ones in as far as there is room, and can end them all.
final class OpenAnswers: Sendable {
    private struct State {
        var funnels: [ObjectIdentifier: EventFunnel] = [:]
        /// Why none is let in any more.
        var closed: String?
    }

    private let mailbox: Mailbox
    private let metrics: ServerMetrics
    /// Generations that may be open, running or waiting.
    private let capacity: Int
    private let maxSequences: Int
    private let state = Mutex(State())

    init(_ mailbox: Mailbox, _ metrics: ServerMetrics, _ settings: ServerSettings) {
        self.mailbox = mailbox
        self.metrics = metrics
        maxSequences = settings.maxSequences
        capacity = settings.maxSequences + settings.maxQueue
    }

    var time: any TimeSource { metrics.time }

    /// Why no request is taken any more; nil while they are.
    var closed: String? { state.withLock { $0.closed } ?? mailbox.closedReason }

    /// Starts the generations of one HTTP request; their events go to the funnel that comes back.
    func start(_ generations: [GenerationRequest]) throws(APIError) -> EventFunnel {
        try state.withLock { state throws(APIError) in
            if let reason = state.closed ?? mailbox.closedReason {
                throw APIError(.serviceUnavailable, "no more requests are taken: \(reason)", code: "shutting_down")
            }
            try admit(generations.count)
            let funnel = EventFunnel()
            state.funnels[ObjectIdentifier(funnel)] = funnel
            let clock = TokenClock(metrics, count: generations.count)
            for (choice, request) in generations.enumerated() {
                mailbox.start(request, streams: true) { event in
                    clock.note(event, choice)
                    funnel.append(.init(choice: choice, event: event))
                }
            }
            return funnel
        }
    }

    /// The answer is over: cancels what is left of it.
    func end(_ funnel: EventFunnel, _ ids: some Sequence<Requests.RequestID>) {
        state.withLock { $0.funnels[ObjectIdentifier(funnel)] = nil }
        for id in ids { mailbox.cancel(id) }
    }

    /// Lets no more in.
    func close(_ reason: String) { state.withLock { $0.closed = $0.closed ?? reason } }

    /// Ends all; their clients are told why.
    func interruptAll(_ reason: String) {
        for funnel in state.withLock({ Array($0.funnels.values) }) { funnel.interrupt(.shutdown(reason)) }
    }

    private func admit(_ count: Int) throws(APIError) {
        guard count <= capacity else {
            throw APIError(
                .badRequest, "one request may ask for at most \(capacity) answers here", param: "n",
                code: "invalid_value")
        }
        let open = mailbox.openCount
        guard open + count <= capacity else {
            metrics.countRefusal()
            throw APIError(
                .tooManyRequests, "\(open) answers are under way or wait, and there is room for \(capacity); try later",
                code: "queue_full", retryAfter: retryAfter(open))
        }
    }

    /// About how long it takes until one has ended that waits now, in seconds.
    private func retryAfter(_ open: Int) -> Int {
        let rounds = Double(open) / Double(maxSequences)
        return Int(min(max((metrics.meanSeconds * rounds).rounded(.up), 1), 60))
    }
}
