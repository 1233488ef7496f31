import Dispatch
import FoundationEssentials
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import Platform
import Requests
import ServiceLifecycle
import Synchronization

/// The HTTP server of a job: listens, hands requests to the engine's mailbox, and ends with it.
///
/// It lives on threads of its own; the engine's only starts and ends it.
public final class HTTPService: Sendable {
    private let settings: ServerSettings
    private let mailbox: Mailbox
    private let answers: OpenAnswers
    private let logger: Logger
    private let services: ServiceGroup
    private let listening: Listening
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameter time: By which requests are timed and ended.
    public init(
        _ served: ServedModel, _ layout: ServedLayout, _ mailbox: Mailbox, _ settings: ServerSettings,
        time: any TimeSource = MachineTime()
    ) throws {
        self.settings = settings
        self.mailbox = mailbox
        let level = settings.logLevel
        let logger = Logger(label: "stagecoach") { _ in LogLines(logLevel: level) }
        self.logger = logger
        let metrics = ServerMetrics(time: time)
        answers = OpenAnswers(mailbox, metrics, settings)
        let routes = Routes(
            served: served, layout: layout, settings: settings, mailbox: mailbox, answers: answers, metrics: metrics,
            started: Int(Date.now.timeIntervalSince1970))
        let listening = Listening()
        self.listening = listening
        // What Hummingbird has to say is for those who look for its faults.
        let quiet = Logger(label: "http") { _ in LogLines(logLevel: level <= .debug ? level : .error) }
        let application = Application(
            responder: Dispatcher(routes, settings, metrics, logger),
            server: try Self.builder(settings),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "stagecoach"),
            onServerRunning: { channel in listening.succeed(port: channel.localAddress?.port ?? settings.port) },
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)),
            logger: quiet)
        services = ServiceGroup(configuration: .init(services: [application], logger: quiet))
    }

    /// Begins to listen.
    ///
    /// - Returns: The port.
    public func start() throws(EngineError) -> Int {
        Task { [services, listening, ended] in
            do { try await services.run() } catch { listening.fail("\(error)") }
            ended.signal()
        }
        let port: Int
        do { port = try listening.wait() } catch {
            throw .failure("cannot listen on \(settings.host):\(settings.port): \(error.reason)")
        }
        let scheme = settings.tls == nil ? "http" : "https"
        logger.notice("listening on \(scheme)://\(settings.host):\(port)")
        return port
    }

    /// Takes no more requests and lets the engine finish those that it has; a second call cancels them.
    public func drain() {
        let isSecond = answers.closed != nil
        logger.notice("\(isSecond ? "cancelling" : "finishing") \(mailbox.openCount) answers, then the server ends")
        if isSecond { return abandon("it was asked to end at once") }
        answers.close("the server is about to end")
        mailbox.close(finishing: true)
    }

    /// Tells all clients that it is over.
    public func abandon(_ reason: String) {
        answers.close(reason)
        answers.interruptAll(reason)
        mailbox.close(finishing: false)
    }

    /// Once the engine has ended: sends what is on its way to clients and stops to listen.
    ///
    /// - Parameter patience: For clients that read slowly.
    public func stop(within patience: Duration) {
        Task { [services] in await services.triggerGracefulShutdown() }
        if ended.wait(timeout: .now() + patience.seconds) == .timedOut {
            logger.warning("some clients did not read on")
        }
    }

    private static func builder(_ settings: ServerSettings) throws -> HTTPServerBuilder {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: settings.maxHeader, maxHeaderListSize: settings.maxHeader, maxHeaderFieldCount: 200)
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ConnectionWatch()], idleTimeout: .seconds(Int64(settings.idleTimeout)),
                httpDecoderConfiguration: decoder))
        guard let files = settings.tls else { return plain }
        do {
            let configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem)))
            return try .tls(plain, tlsConfiguration: configuration)
        } catch {
            throw EngineError.badInput(
                "cannot use the certificate \(files.certificate) with the key \(files.key): \(error)")
        }
    }
}

/// Whether the server listens; the engine's thread waits for it.
private final class Listening: Sendable {
    struct Failure: Error {
        let reason: String
    }

    private let outcome = Mutex<Result<Int, Failure>?>(nil)
    private let known = DispatchSemaphore(value: 0)

    func succeed(port: Int) { settle(.success(port)) }
    func fail(_ reason: String) { settle(.failure(Failure(reason: reason))) }

    func wait() throws(Failure) -> Int {
        known.wait()
        return try outcome.withLock { $0! }.get()
    }

    private func settle(_ result: Result<Int, Failure>) {
        outcome.withLock { $0 = $0 ?? result }
        known.signal()
    }
}
