import ArgumentParser
import Engine
import Glibc
import Logging
import Requests
import Server

/// How the server listens, whom it lets in, and how much it takes on.
struct ServeOptions: ParsableArguments {
    @Option(help: "The address to listen on. Any but this machine's own needs an API key.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port = 8080

    @Option(help: "The name that clients know the model by. Default: its file's.")
    var modelName: String?

    @Option(help: "The key that clients must send. Others see it in the list of processes: rather use a file.")
    var apiKey: String?

    @Option(help: "A file that holds the key. Default: the environment's STAGECOACH_API_KEY, if any.")
    var apiKeyFile: String?

    @Flag(help: "Let anyone in who reaches the port, from other machines too.")
    var insecure = false

    @Option(
        help: ArgumentHelp(
            "An origin whose pages may use the server, such as https://example.org, or *. Several: with commas, or again.",
            valueName: "origin"),
        transform: SiteNames.origins)
    var corsOrigin: [[String]] = []

    @Option(
        help: ArgumentHelp(
            "A host name by which clients reach a server without a key, beside this machine's own, addresses and those "
                + "that the internet does not know, or *. Several: with commas, or again.", valueName: "name"),
        transform: SiteNames.hosts)
    var allowedHost: [[String]] = []

    @Option(help: "A PEM file of the certificate and those it was signed with: HTTPS instead of HTTP.")
    var tlsCertificate: String?

    @Option(help: "A PEM file of the certificate's key.")
    var tlsKey: String?

    @Option(help: "Answers that run side by side.")
    var maxSequences = 16

    @Option(help: "Answers that may wait for their turn; more are refused for now (429).")
    var maxQueue = 64

    @Option(help: "Seconds that an answer may take.")
    var requestTimeout = 600.0

    @Option(help: "The longest body of a request, such as 4M.")
    var maxBody = MemorySize(bytes: 4 << 20)

    @Option(help: "The most bytes of a request's header.")
    var maxHeader = MemorySize(bytes: 32 << 10)

    @Option(
        help: "What to log: trace, debug, info, notice, warning, error or critical.",
        transform: { name in
            guard let level = Logger.Level(rawValue: name) else { throw ValidationError("'\(name)' is no level") }
            return level
        })
    var logLevel = Logger.Level.info

    @Flag(help: "Log prompts and answers too.")
    var logPrompts = false

    func validate() throws {
        if !(0...65535).contains(port) { throw ValidationError("--port must be 0 to 65535.") }
        if !(1...4096).contains(maxSequences) { throw ValidationError("--max-sequences must be 1 to 4096.") }
        if !(0...1_000_000).contains(maxQueue) { throw ValidationError("--max-queue must be 0 to 1000000.") }
        if !(requestTimeout > 0 && requestTimeout <= 1e6) {
            throw ValidationError("--request-timeout must be more than 0 and at most 1000000 seconds.")
        }
        if !(1...(1 << 30)).contains(maxBody.bytes) { throw ValidationError("--max-body must be at most 1G.") }
        if !(1024...(1 << 20)).contains(maxHeader.bytes) { throw ValidationError("--max-header must be 1K to 1M.") }
        if (tlsCertificate == nil) != (tlsKey == nil) {
            throw ValidationError("--tls-certificate and --tls-key go together.")
        }
        if apiKey != nil, apiKeyFile != nil { throw ValidationError("Give --api-key or --api-key-file, not both.") }
        if apiKey?.isEmpty == true { throw ValidationError("--api-key must not be empty.") }
    }

    /// - Throws: Where a key is needed and there is none, or a file cannot be read.
    func settings() throws -> ServerSettings {
        var settings = ServerSettings()
        settings.host = host
        settings.port = port
        settings.tls = tlsCertificate.map { ($0, tlsKey!) }
        settings.apiKey = try key()
        settings.corsOrigins = corsOrigin.flatMap { $0 }
        settings.allowedHosts = allowedHost.flatMap { $0 }
        settings.maxSequences = maxSequences
        settings.maxQueue = maxQueue
        settings.requestTimeout = requestTimeout
        settings.maxBody = maxBody.bytes
        settings.maxHeader = maxHeader.bytes
        settings.logLevel = logLevel
        settings.logsPrompts = logPrompts
        guard settings.apiKey != nil || isLoopback || insecure else {
            throw EngineError.usage(
                "--host \(host) can be reached from other machines: set a key with --api-key-file, or say --insecure")
        }
        return settings
    }

    private func key() throws -> String? {
        if let apiKey { return apiKey }
        if let apiKeyFile {
            let key = try TextFile.read(apiKeyFile).trimmed
            if key.isEmpty { throw EngineError.badInput("\(apiKeyFile) holds no key") }
            return key
        }
        return getenv("STAGECOACH_API_KEY").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}

extension String {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
