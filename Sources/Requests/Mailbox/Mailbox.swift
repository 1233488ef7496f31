import Platform
import Synchronization

/// The border between the engine thread and all others: they post messages, and events come back by request.
///
/// The engine thread is the only one that takes messages. It calls the handlers, so these must return soon: hand the event
/// on and be done.
public final class Mailbox: Sendable {
    public typealias Handler = @Sendable (EngineEvent) -> Void

    private struct Requests {
        var handlers: [RequestID: Handler] = [:]
        /// Why no request is taken any more.
        var closed: String?
    }

    private let messages = BlockingQueue<EngineMessage>()
    private let requests = Mutex(Requests())
    private let latestStatus = Mutex(EngineStatus())

    public init() {}
}

/// For any thread.
extension Mailbox {
    /// Asks for a generation.
    ///
    /// - Parameter onEvent: Told what becomes of it; the last event comes exactly once, whatever happens.
    public func start(
        _ request: GenerationRequest, streams: Bool = false, hashesLogits: Bool = false,
        onEvent: @escaping Handler
    ) {
        let refusal: EngineEvent? = requests.withLock { requests in
            if let reason = requests.closed { return .lost(reason) }
            guard requests.handlers[request.id] == nil else {
                return .refused("a request of the name \(request.id) is under way")
            }
            requests.handlers[request.id] = onEvent
            // Under the lock, so that no request comes after the message that closes.
            messages.append(.start(request, streams: streams, hashesLogits: hashesLogits))
            return nil
        }
        if let refusal { onEvent(refusal) }
    }

    /// Ends a request; its last event follows, unless it was on its way.
    public func cancel(_ id: RequestID) { messages.append(.cancel(id)) }

    /// Takes no more requests and ends the service; those under way are finished first, or else cancelled.
    ///
    /// May be called again, to cancel what was to be finished.
    public func close(finishing: Bool) {
        requests.withLock { requests in
            requests.closed = requests.closed ?? "the engine is closing"
            messages.append(.close(finishing: finishing))
        }
    }

    /// How many requests await their last event.
    public var openCount: Int { requests.withLock { $0.handlers.count } }

    /// Why no request is taken any more; nil while they are.
    public var closedReason: String? { requests.withLock { $0.closed } }

    /// What the engine was doing when it looked up last: up to ``EngineStatus/interval`` ago while it works.
    public var status: EngineStatus { latestStatus.withLock { $0 } }
}

/// For the engine thread.
extension Mailbox {
    public var hasMail: Bool { !messages.isEmpty }

    public func takeMail() -> [EngineMessage] { messages.takeAll() }

    /// Sleeps until there is mail, at no cost.
    public func waitForMail() { messages.waitUntilFilled() }

    public func publish(_ status: EngineStatus) { latestStatus.withLock { $0 = status } }

    public func deliver(_ event: EngineEvent, to id: RequestID) {
        let handler = requests.withLock { requests in
            event.isLast ? requests.handlers.removeValue(forKey: id) : requests.handlers[id]
        }
        handler?(event)
    }

    /// Takes no more requests, and tells those that still wait for an event that none will come.
    public func shut(_ reason: String) {
        let left = requests.withLock { requests in
            requests.closed = reason
            defer { requests.handlers = [:] }
            return requests.handlers.values
        }
        for handler in left { handler(.lost(reason)) }
    }
}
