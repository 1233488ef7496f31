import Foundation
import ModelFiles
import Platform
import Requests
import Sampling
import Synchronization
import TestSupport
import Testing
import Tokenization

@testable import Server

/// Answers a mailbox's requests with made-up tokens, on a thread of its own, and tells what it was asked.
final class FakeEngine: Sendable {
    private struct State {
        var requests: [GenerationRequest] = []
        /// Tokens that each open request has had.
        var counts: [Requests.RequestID: Int] = [:]
        var cancelled: Set<Requests.RequestID> = []
        /// The most tokens that a request gets for now.
        var most = Int.max
        var isClosing = false
        var failure: String?
        /// The seed of requests that fail after a token.
        var failingSeed: UInt64?

        func request(_ id: Requests.RequestID) -> GenerationRequest? { requests.first { $0.id == id } }
    }

    let mailbox = Mailbox()
    private let state = Mutex(State())
    /// What it answers, over and over.
    static let ids: [TokenID] = [259, 278, 304]

    var requests: [GenerationRequest] {
        state.withLock { $0.requests }
    }
    var cancelledCount: Int { state.withLock { $0.cancelled.count } }

    /// Stops when requests have had so many tokens.
    func hold(after tokens: Int = 0) { state.withLock { $0.most = tokens } }

    func goOn() { state.withLock { $0.most = .max } }

    /// Ends as a failing engine does.
    func fail(_ reason: String) { state.withLock { $0.failure = reason } }

    /// Fails, after a token, at requests with this seed.
    func fail(atSeed seed: UInt64) { state.withLock { $0.failingSeed = seed } }

    func run(_ text: TokenText) {
        while true {
            for message in mailbox.takeMail() { take(message) }
            let (open, most, isClosing, failure) = state.withLock { ($0.counts, $0.most, $0.isClosing, $0.failure) }
            if let failure { return mailbox.shut(failure) }
            if isClosing, open.isEmpty { return mailbox.shut("the engine has ended") }
            for (id, count) in open where count < most { advance(id, count, text) }
            usleep(200)
        }
    }

    private func take(_ message: EngineMessage) {
        switch message {
        case .start(let request, _, _):
            state.withLock { state in
                state.requests.append(request)
                state.counts[request.id] = 0
            }
        case .cancel(let id): cancel(id)
        case .close(let finishing):
            let open = state.withLock { state in
                state.isClosing = true
                return finishing ? [] : Array(state.counts.keys)
            }
            for id in open { cancel(id) }
        }
    }

    private func cancel(_ id: Requests.RequestID) {
        guard state.withLock({ $0.counts[id] != nil }) else { return }
        end(id, .cancelled)
        // Whoever counts these finds the request closed.
        _ = state.withLock { $0.cancelled.insert(id) }
    }

    private func advance(_ id: Requests.RequestID, _ count: Int, _ text: TokenText) {
        guard let request = state.withLock({ $0.request(id) }) else { return }
        if count == 0, request.logprobs?.includesPrompt == true {
            mailbox.deliver(.prompt(request.promptIDs.dropFirst().map(Self.logprobs)), to: id)
        }
        if count == 1, state.withLock({ $0.failingSeed == request.seed }) {
            state.withLock { $0.counts[id] = nil }
            return mailbox.deliver(.failed("no token can be chosen"), to: id)
        }
        if count == request.maxTokens { return end(id, .length) }
        let token = Self.ids[count % Self.ids.count]
        let logprobs = request.logprobs.map { _ in Self.logprobs(token) }
        mailbox.deliver(.token(SampledToken(id: token, text: text.text(of: [token]), logprobs: logprobs)), to: id)
        state.withLock { $0.counts[id] = count + 1 }
        if count + 1 == request.maxTokens { end(id, .length) }
    }

    private func end(_ id: Requests.RequestID, _ reason: StopReason) {
        let (request, count) = state.withLock { ($0.request(id)!, $0.counts.removeValue(forKey: id) ?? 0) }
        let ids = (0..<count).map { Self.ids[$0 % Self.ids.count] }
        let result = GenerationResult(
            promptIDs: request.promptIDs, ids: ids, text: ids.map { "<\($0)>" }.joined(), stopReason: reason,
            seed: request.seed)
        mailbox.deliver(.ended(result), to: id)
    }

    private static func logprobs(_ id: TokenID) -> TokenLogprobs {
        .init(
            token: .init(id: id, logprob: -0.5), likeliest: [.init(id: id, logprob: -0.5), .init(id: 300, logprob: -1)])
    }
}

/// A server over a fake engine, with the small Llama 2's tokens.
struct TestServer {
    let engine = FakeEngine()
    let service: HTTPService
    let port: Int
    private let tokens: TokenText
    private let served: ServedModel

    static let modelName = "tiny"

    private init(_ time: any TimeSource, _ change: (inout ServerSettings) -> Void) throws {
        let model = try ConversableModel.open()
        var settings = ServerSettings()
        settings.port = 0
        settings.logLevel = .critical
        change(&settings)
        let text = try TokenText(model)
        tokens = text
        served = ServedModel(
            name: Self.modelName, encoder: PromptEncoder(model), text: text,
            rules: PromptRules(model.configuration, contextLength: 128))
        service = try HTTPService(engine.mailbox, settings, time: time)
        port = try service.listen()
        let engine = engine
        Thread.detachNewThread { engine.run(text) }
    }

    /// From now on there is a model.
    func load() {
        let layout = ServedLayout(
            hosts: ["a", "b"], partition: [1, 2], threadCount: 1, instructionSet: "portable", weightBytesPerToken: 1)
        service.serve(served, layout)
    }

    /// Runs `body` with a server that ends with it.
    ///
    /// - Parameter loadsLater: Whether `body` says when there is a model.
    static func run(
        time: any TimeSource = MachineTime(), loadsLater: Bool = false,
        _ change: @escaping @Sendable (inout ServerSettings) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let server = try await HTTPConnection.onThread { try TestServer(time, change) }
        if !loadsLater { server.load() }
        do { try await body(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func stop() async {
        service.abandon("the test is over")
        try? await HTTPConnection.onThread { [service] in service.stop(within: .seconds(30)) }
    }

    func text(of ids: [TokenID]) -> String { ids.map { tokens.text(of: [$0]) }.joined() }

    func post(_ path: String, _ body: String) async throws -> HTTPReply {
        try await HTTP.post(path, body, port: port)
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> HTTPReply {
        try await HTTP.request("GET", path, port: port, headers: headers)
    }

    /// Opens a connection and asks for an answer without waiting for it.
    func begin(_ path: String, _ body: String) async throws -> HTTPConnection {
        try await HTTPConnection.onThread { [port] in
            let connection = try HTTPConnection(port: port)
            connection.send("POST", path, body: Array(body.utf8))
            return connection
        }
    }

    /// Waits until something holds, which no load of the machine puts off for two minutes.
    func wait(sourceLocation: SourceLocation = #_sourceLocation, until condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(120)
        while !condition() {
            try #require(ContinuousClock.now < end, "it never came to hold", sourceLocation: sourceLocation)
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}

extension HTTPReply {
    var object: [String: Any] { objects.first ?? [:] }
    var error: [String: Any] { object["error"] as? [String: Any] ?? [:] }
    var choices: [[String: Any]] { objects.flatMap { $0["choices"] as? [[String: Any]] ?? [] } }
}
