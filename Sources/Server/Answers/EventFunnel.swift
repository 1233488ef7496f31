import Requests
import Synchronization

/// Brings the engine's events of one HTTP request to the task that answers it.
///
/// The engine thread only appends, so a client that reads slowly holds up nobody; what waits for it is at most its own
/// answer, whose length the context bounds.
final class EventFunnel: Sendable {
    struct Item: Sendable {
        /// The choice that it belongs to.
        let choice: Int
        let event: EngineEvent
    }

    /// Why nothing more is worth waiting for.
    enum Interruption: Error {
        /// The client has gone.
        case disconnected
        case deadline
        /// The server ends, for this reason.
        case shutdown(String)
    }

    private struct State {
        var items: [Item] = []
        var interruption: Interruption?
        var isTicked = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func append(_ item: Item) { change { $0.items.append(item) } }

    /// The first one counts.
    func interrupt(_ interruption: Interruption) { change { $0.interruption = $0.interruption ?? interruption } }

    /// Ends a wait for events without one.
    func tick() { change { $0.isTicked = true } }

    /// All that came since the last call, after waiting for it; nothing where it was ticked. One task may wait.
    func next() async throws(Interruption) -> [Item] {
        while true {
            let (items, interruption, isTicked) = state.withLock { state in
                defer { (state.items, state.isTicked) = ([], false) }
                return (state.items, state.interruption, state.isTicked)
            }
            if let interruption { throw interruption }
            if !items.isEmpty || isTicked { return items }
            await withCheckedContinuation { continuation in
                let isFilled = state.withLock { state in
                    let isFilled = !state.items.isEmpty || state.interruption != nil || state.isTicked
                    if !isFilled { state.waiter = continuation }
                    return isFilled
                }
                if isFilled { continuation.resume() }
            }
        }
    }

    private func change(_ body: (inout sending State) -> Void) {
        let waiter = state.withLock { state in
            body(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
