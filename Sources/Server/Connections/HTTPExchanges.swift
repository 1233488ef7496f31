import DequeModule
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// What HTTP/1 asks of a connection beside its messages (RFC 9112): who may go on asking on it, how responses end, what is
/// said before them, and what becomes of requests that are none.
///
/// Invariant: responses leave in the order of their requests, and the one after which the connection ends is the last.
final class HTTPExchanges: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Wants the body of the request that is answered just now, whose client may wait to be told so.
    struct BodyWish {}

    /// The request that is being read.
    private enum Reading {
        /// None.
        case nothing
        /// The last of those that are open.
        case open
        /// One that is answered already.
        case answered
        /// One that will not be.
        case ignored
    }

    private let lines: StartLines
    private let onRefusal: @Sendable (APIError) -> Void
    /// Requests whose responses have not ended.
    private var open: Deque<HTTPExchange> = []
    private var reading = Reading.nothing
    /// What follows the last of them.
    private var refusal: APIError?
    /// Whether the last response has been written.
    private var isEnding = false
    /// Whether the client sends nothing more.
    private var isHalfClosed = false
    /// Done when the system has taken all of the response that was written last.
    private var lastEnd: EventLoopFuture<Void>?

    /// How long a client may go on sending after the last response: if the connection were closed before that, it might
    /// lose the response.
    private static let lingerTime = TimeAmount.seconds(2)
    /// How long a connection stays open for a client that has not taken all of its last response.
    private static let drainTime = TimeAmount.seconds(60)

    init(_ lines: StartLines, onRefusal: @escaping @Sendable (APIError) -> Void) {
        self.lines = lines
        self.onRefusal = onRefusal
    }
}

/// Requests.
extension HTTPExchanges {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding, refusal == nil else { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            reading = open.last?.persists == false ? .ignored : .open
            guard reading == .open else { return }
            do { try head.check() } catch {
                reading = .ignored
                return refuse(error, context)
            }
            open.append(HTTPExchange(head))
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body:
            guard reading != .ignored else { return }
            if reading == .open { open[open.count - 1].waitsForWord = false }
            context.fireChannelRead(data)
        case .end:
            guard reading != .ignored else { return }
            reading = .nothing
            lines.endRequest()
            context.fireChannelRead(data)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Nobody above asks for what is thrown away.
        if isEnding { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError, refusal == nil { refuse(APIError(error, lines), context) }
        // Who waits for the rest of the request hears of it; what is answered then is thrown away.
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent {
            isHalfClosed = true
            // Such a client may wait for its answer, or have gone.
            if let first = open.first, !first.isAnswered { lines.beginStatusLine() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Answers with an error, when everything before it is answered, and ends the connection: nobody knows where the next
    /// request would begin.
    private func refuse(_ error: APIError, _ context: ChannelHandlerContext) {
        guard !isEnding else { return }
        if reading == .answered { return end(context) }
        if reading == .open {
            // It is this request that cannot be read on.
            var last = open.removeLast()
            if last.isAnswered {
                last.persists = false
                open.append(last)
                return
            }
        }
        refusal = error
        if open.isEmpty { sendRefusal(context) }
    }
}

/// Responses.
extension HTTPExchanges {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isEnding, !open.isEmpty else {
            promise?.succeed()
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            // Whoever waits for a stream learns at once that it begins.
            context.writeAndFlush(wrapOutboundOut(.head(open[0].head(head))), promise: promise)
        case .body:
            if open[0].isHead { promise?.succeed() } else { context.write(data, promise: promise) }
        case .end:
            write(end: data, context, promise)
            let exchange = open.removeFirst()
            if open.isEmpty, reading == .open { reading = .answered }
            if !exchange.persists { end(context) } else if open.isEmpty, refusal != nil { sendRefusal(context) }
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyWish else { return context.triggerUserOutboundEvent(event, promise: promise) }
        promise?.succeed()
        guard !isEnding, let first = open.first, first.waitsForWord, !first.isAnswered else { return }
        open[0].waitsForWord = false
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    private func sendRefusal(_ context: ChannelHandlerContext) {
        guard let refusal else { return }
        onRefusal(refusal)
        let body = ByteBuffer(bytes: JSON.bytes(refusal.body))
        var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: refusal.status.code))
        for field in refusal.response.headers { head.headers.add(name: field.name.rawName, value: field.value) }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        head.headers.add(name: "Date", value: HTTPDate.text(.now))
        head.headers.add(name: "Server", value: HTTPService.name)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        write(end: wrapOutboundOut(.end(nil)), context, nil)
        end(context)
    }

    private func write(end data: NIOAny, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let written = promise ?? context.eventLoop.makePromise()
        context.write(data, promise: written)
        lastEnd = written.futureResult
    }

    /// Sends nothing more, and throws away what still comes.
    private func end(_ context: ChannelHandlerContext) {
        isEnding = true
        context.flush()
        context.read()
        let channel = context.channel
        let closed = context.eventLoop.makePromise(of: Void.self)
        close(context: context, mode: .output, promise: closed)
        closed.futureResult.whenComplete { _ in
            channel.eventLoop.scheduleTask(in: Self.lingerTime) { channel.close(promise: nil) }
        }
    }

    /// What was written last reaches its client before the connection is closed, unless that takes too long to read it. A
    /// half-closed connection is closed whole, whatever is asked.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard let lastEnd, mode != .input, isEnding || isHalfClosed else {
            return context.close(mode: mode, promise: promise)
        }
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let limit = context.value.eventLoop.scheduleTask(in: Self.drainTime) {
            context.value.close(mode: .all, promise: nil)
        }
        lastEnd.whenComplete { _ in
            limit.cancel()
            context.value.close(mode: mode, promise: promise)
        }
    }
}
