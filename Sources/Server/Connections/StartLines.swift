import NIOCore

/// The start-lines of a connection's messages (RFC 9112, section 2.1), as bytes: it keeps what the decoder does not tell of a
/// request-line that it refuses, and can send the beginning of a status-line before the rest is known.
final class StartLines: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// Of the request-line that is being read, or was last.
    private var line: [UInt8] = []
    private var isLineOver = true
    /// Whether what comes next begins a request.
    private var isBetweenRequests = true
    private var hasBegunStatusLine = false
    private var context: ChannelHandlerContext?

    private static let mostKept = 64

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        note(unwrapInboundIn(data).readableBytesView)
        context.fireChannelRead(data)
    }

    /// A request has been read whole. Where the next one came with the end of it, what is known of its line is wrong: all
    /// that depends on it is how it is refused.
    func endRequest() { isBetweenRequests = true }

    private func note(_ bytes: ByteBufferView) {
        var bytes = bytes[...]
        if isBetweenRequests {
            bytes = bytes.drop { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }
            guard !bytes.isEmpty else { return }
            (line, isLineOver, isBetweenRequests) = ([], false, false)
        }
        guard !isLineOver else { return }
        line += bytes.prefix(Self.mostKept - line.count)
        isLineOver = bytes.contains(UInt8(ascii: "\n"))
    }
}

/// What is wrong with a request-line.
extension StartLines {
    /// Whether the line never ended.
    var isEndless: Bool { !isLineOver }

    /// Whether it names the version that is spoken here, as it must be written or not.
    var namesVersion: Bool { String(decoding: line, as: UTF8.self).contains("HTTP/1.1") }

    /// Whether it begins with some method and what may be a target.
    var hasForm: Bool {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard words.count == 2, let first = words[1].first else { return false }
        return words[0].allSatisfy { Unicode.Scalar($0).properties.isAlphabetic || $0 == UInt8(ascii: "-") }
            && "/*h".utf8.contains(first)
    }
}

extension StartLines {
    private static let statusLineStart = Array("HTTP/1.1 ".utf8)

    /// Sends what any status-line begins with. A client that has gone answers with a reset, and one that still reads
    /// notices nothing.
    func beginStatusLine() {
        guard let context, !hasBegunStatusLine else { return }
        hasBegunStatusLine = true
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer(bytes: Self.statusLineStart))), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard hasBegunStatusLine, case .byteBuffer(var buffer) = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        hasBegunStatusLine = false
        buffer.moveReaderIndex(forwardBy: Self.statusLineStart.count)
        context.write(wrapOutboundOut(.byteBuffer(buffer)), promise: promise)
    }
}
