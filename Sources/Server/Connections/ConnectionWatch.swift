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
        var channel: (any Channel)?
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

    /// Ends the connection, whatever is still to be written on it.
    func close() { state.withLock { $0.channel }?.close(promise: nil) }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        state.withLock { $0.channel = channel }
    }

    func handlerRemoved(context: ChannelHandlerContext) { state.withLock { $0.channel = nil } }

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
