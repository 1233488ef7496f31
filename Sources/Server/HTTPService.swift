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

/// The HTTP server of a job: takes its port before anything is loaded, hands requests to the engine's mailbox, and ends
/// with it.
///
/// It lives on threads of its own; the engine's only starts and ends it.
public final class HTTPService: Sendable {
    private let settings: ServerSettings
    private let mailbox: Mailbox
    private let metrics: ServerMetrics
    private let answers: OpenAnswers
    private let routes = LateRoutes()
    private let logger: Logger
    private let services: ServiceGroup
    private let listening = Listening()
    private let ended = DispatchSemaphore(value: 0)

    /// The field `Server`.
    static let name = "stagecoach"

    /// Connections that may wait to be let in, where net.core.somaxconn does not say less: as many as clients of one
    /// experiment begin at once.
    private static let backlog = 4096

    /// - Parameter time: By which requests are timed and ended.
    public init(_ mailbox: Mailbox, _ settings: ServerSettings, time: any TimeSource = MachineTime()) throws {
        self.settings = settings
        self.mailbox = mailbox
        let level = settings.logLevel
        let logger = Logger(label: "stagecoach") { _ in LogLines(logLevel: level) }
        self.logger = logger
        let metrics = ServerMetrics(time: time)
        self.metrics = metrics
        answers = OpenAnswers(mailbox, metrics, settings)
        // What Hummingbird has to say is for those who look for its faults.
        let quiet = Logger(label: "http") { _ in LogLines(logLevel: level <= .debug ? level : .error) }
        let application = Application(
            responder: Dispatcher(routes, settings, metrics, logger),
            server: try Self.builder(settings) { error in
                logger.info("refused \(error.status.code) error=\(error.code ?? error.message)")
                metrics.countRequest("other", status: error.status.code)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: Self.name,
                backlog: Self.backlog,
                availableConnectionsDelegate: settings.maxConnections.map { ConnectionLimit($0, logger) }),
            onServerRunning: { [listening] channel in
                listening.succeed(port: channel.localAddress?.port ?? settings.port)
            },
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup(numberOfThreads: 1)),
            logger: quiet)
        services = ServiceGroup(configuration: .init(services: [application], logger: quiet))
    }

    /// Takes the port. Requests wait from now on.
    ///
    /// - Returns: The port.
    @discardableResult
    public func listen() throws(EngineError) -> Int {
        Task { [services, listening, ended] in
            do { try await services.run() } catch { listening.fail(error) }
            ended.signal()
        }
        do { return try listening.wait() } catch { throw EngineError(listeningAs: settings, error) }
    }

    /// Answers requests, those that have waited too.
    public func serve(_ served: ServedModel, _ layout: ServedLayout) {
        routes.settle(
            Routes(
                served: served, layout: layout, settings: settings, mailbox: mailbox, answers: answers,
                metrics: metrics, started: Int(Date.now.timeIntervalSince1970)))
        let scheme = settings.tls == nil ? "http" : "https"
        let port = (try? listening.wait()) ?? settings.port
        logger.notice("listening on \(scheme)://\(settings.authority(port: port))")
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

    /// - Parameter onRefusal: Called for what is refused before it is a request.
    private static func builder(
        _ settings: ServerSettings, onRefusal: @escaping @Sendable (APIError) -> Void
    ) throws -> HTTPServerBuilder {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: settings.maxHeader, maxHeaderListSize: settings.maxHeader, maxHeaderFieldCount: 200)
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionWatch()], idleTimeout: .seconds(Int64(settings.idleTimeout)),
            httpDecoderConfiguration: decoder)
        let plain = HTTPServerBuilder { responder in
            HTTPChannel(HTTP1Channel(responder: responder, configuration: configuration), onRefusal: onRefusal)
        }
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
