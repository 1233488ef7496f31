import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A connection as Hummingbird serves it, with what the standard asks beside messages: ``HTTPExchanges``.
struct HTTPChannel: ServerChildChannel {
    private let base: HTTP1Channel
    private let onRefusal: @Sendable (APIError) -> Void

    /// - Parameter onRefusal: Called for what is refused before it is a request.
    init(_ base: HTTP1Channel, onRefusal: @escaping @Sendable (APIError) -> Void) {
        self.base = base
        self.onRefusal = onRefusal
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            // Only the exchange knows how a response is framed.
            pipeline.removeHandler(try pipeline.handler(type: HTTPResponseEncoder.self), promise: nil)
            var framing = HTTPResponseEncoder.Configuration()
            framing.automaticallySetFramingHeaders = false
            let lines = StartLines()
            try pipeline.addHandlers([lines, HTTPResponseEncoder(configuration: framing)], position: .before(decoder))
            try pipeline.addHandler(HTTPExchanges(lines, onRefusal: onRefusal), position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
