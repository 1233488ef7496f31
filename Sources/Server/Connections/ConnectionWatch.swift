import NIOCore
import Synchronization

/// Tells the request that a connection waits for when its client goes away, also while nothing is written.
///
/// A client that ends its side of the connection counts as gone: none that waits for an answer does.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    private struct State {
        var hasLeft = false
        var onDeparture: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// - Parameter body: Called at once where the client has gone already; nil: nobody waits any more.
    func onDeparture(_ body: (@Sendable () -> Void)?) {
        let hasLeft = state.withLock { state in
            state.onDeparture = body
            return state.hasLeft
        }
        if hasLeft { body?() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        let body = state.withLock { state in
            state.hasLeft = true
            defer { state.onDeparture = nil }
            return state.onDeparture
        }
        body?()
    }
}
