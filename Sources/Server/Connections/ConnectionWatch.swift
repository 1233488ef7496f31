import NIOCore
import Synchronization

/// Tells the request that a connection waits for when its client goes away, also while nothing is written.
///
/// A client that only ends its side of the connection may wait for the answer. Whether it does shows when something is
/// written: where it has gone, the connection is reset.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny

    private struct State {
        var hasLeft = false
        var onDeparture: (@Sendable () -> Void)?
        var onSilence: (@Sendable () -> Void)?
        var channel: (any Channel)?
    }

    private let state = Mutex(State())

    /// - Parameters:
    ///   - body: Called at once where the client has gone already.
    ///   - onSilence: Called where it may have gone, and something should be written to find out.
    func onDeparture(_ body: @escaping @Sendable () -> Void, onSilence: @escaping @Sendable () -> Void) {
        let hasLeft = state.withLock { state in
            (state.onDeparture, state.onSilence) = (body, onSilence)
            return state.hasLeft
        }
        if hasLeft { body() }
    }

    /// Nobody waits any more.
    func forget() { state.withLock { ($0.onDeparture, $0.onSilence) = (nil, nil) } }

    /// Ends the connection, whatever is still to be written on it.
    func close() { state.withLock { $0.channel }?.close(promise: nil) }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        state.withLock { $0.channel = channel }
    }

    func handlerRemoved(context: ChannelHandlerContext) { state.withLock { $0.channel = nil } }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { state.withLock { $0.onSilence }?() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        let body = state.withLock { state in
            state.hasLeft = true
            defer { (state.onDeparture, state.onSilence) = (nil, nil) }
            return state.onDeparture
        }
        body?()
    }
}
