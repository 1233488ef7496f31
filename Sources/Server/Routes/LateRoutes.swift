import Synchronization

/// The routes, which there are once the model is loaded: until then requests wait for them.
final class LateRoutes: Sendable {
    private struct State {
        var routes: Routes?
        var waiting: [CheckedContinuation<Routes, Never>] = []
    }

    private let state = Mutex(State())

    var areThere: Bool { state.withLock { $0.routes != nil } }

    /// - Parameter routes: For whoever waits, and from now on.
    func settle(_ routes: Routes) {
        let waiting = state.withLock { state in
            state.routes = routes
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: routes) }
    }

    func get() async -> Routes {
        await withCheckedContinuation { continuation in
            let routes = state.withLock { state in
                if state.routes == nil { state.waiting.append(continuation) }
                return state.routes
            }
            if let routes { continuation.resume(returning: routes) }
        }
    }
}
