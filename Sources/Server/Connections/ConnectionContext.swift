import Hummingbird
import NIOCore

/// What a request knows of its connection.
struct ConnectionContext: InitializableFromSource {
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) { channel = source.channel }

    /// Lets a client that waits for it send its request's body.
    func askForBody() { channel.triggerUserOutboundEvent(HTTPExchanges.BodyWish(), promise: nil) }

    /// nil where the connection has closed.
    var watch: ConnectionWatch? {
        get async { try? await channel.pipeline.handler(type: ConnectionWatch.self).get() }
    }
}
