import Logging

/// How the server listens and what it allows.
public struct ServerSettings: Sendable {
    public var host = "127.0.0.1"
    /// 0: any free one.
    public var port = 8080
    /// Paths of PEM files; nil: plain HTTP.
    public var tls: (certificate: String, key: String)?
    /// nil: whoever reaches the port may use it.
    public var apiKey: String?
    /// The origins whose pages may use the server, such as `https://example.org`, or `*`.
    public var corsOrigins: [String] = []
    /// Hosts for which the server answers without a key, beside this machine's own names and addresses, or `*`.
    public var allowedHosts: [String] = []
    /// Sequences that the engine runs side by side.
    public var maxSequences = 16
    /// Answers that may wait for their turn; what comes on top is refused for now.
    public var maxQueue = 64
    /// Seconds that one request may take, its answer read by the client.
    public var requestTimeout = 600.0
    /// Bytes of a request's body.
    public var maxBody = 4 << 20
    /// Bytes of all header fields of a request.
    public var maxHeader = 32 << 10
    /// Seconds after which a connection on which nothing is asked is closed.
    public var idleTimeout = 120
    /// Connections that are let in at a time; nil: as many as come.
    public var maxConnections: Int?
    public var logLevel = Logger.Level.info
    /// Whether prompts and answers stand in the log.
    public var logsPrompts = false

    public init() {}

    /// Host and port as URLs have them.
    func authority(port: Int) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
