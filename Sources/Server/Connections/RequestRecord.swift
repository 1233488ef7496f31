import Figures
import HTTPTypes
import Hummingbird
import Logging
import Platform
import Requests
import Synchronization

/// What the log says of one request, in one line.
final class RequestRecord: Sendable {
    let id = Requests.RequestID()
    private let line: String
    private let route: Route?
    private let logger: Logger
    private let metrics: ServerMetrics
    private let logsPrompts: Bool
    private let start: Duration
    private let facts = Mutex(Facts())

    private struct Facts {
        var status = 200
        var unknown: [String] = []
        var metadata: [(String, String)] = []
    }

    init(_ request: Request, route: Route?, _ logger: Logger, _ metrics: ServerMetrics, logsPrompts: Bool) {
        line = "\(request.method.rawValue) \(request.uri.path.prefix(100))"
        self.route = route
        self.logger = logger
        self.metrics = metrics
        start = metrics.time.now
        self.logsPrompts = logsPrompts
    }

    /// What a request's generations came to.
    func note(_ collection: ChoiceCollection) {
        let usage = collection.usage
        let timings = collection.choices.first?.result?.timings
        var metadata = [
            ("prompt", "\(usage.promptTokens)"), ("cached", "\(usage.promptTokensDetails.cachedTokens)"),
            ("sampled", "\(usage.completionTokens)"), ("seed", "\(collection.choices[0].request.seed)"),
        ]
        if collection.choices.count > 1 { metadata.append(("choices", "\(collection.choices.count)")) }
        if let timings {
            metadata.append(("queue_ms", timings.queueSeconds.milliseconds()))
            metadata.append(("ttft_ms", timings.timeToFirstToken.milliseconds()))
        }
        if let reason = collection.choices.first?.result?.stopReason { metadata.append(("end", reason.rawValue)) }
        if logsPrompts { metadata.append(("answers", "\(collection.choices.map { $0.result?.text ?? "" })")) }
        facts.withLock { $0.metadata += metadata }
    }

    func note(_ prompts: [Prompt]) {
        guard logsPrompts else { return }
        let text = prompts.map(\.logText).joined(separator: "\n")
        facts.withLock { $0.metadata.append(("prompt_text", text)) }
    }

    /// Takes note of fields that nothing here knows.
    func note(unknown names: [String]) {
        guard !names.isEmpty else { return }
        facts.withLock { facts in
            facts.unknown = names
            facts.metadata.append(("unknown", names.joined(separator: ",")))
        }
    }

    /// What the client is told beside the answer.
    var headers: HTTPFields {
        let unknown = facts.withLock { $0.unknown }
        return unknown.isEmpty ? [:] : [.unknownFields: unknown.joined(separator: ", ")]
    }

    func note(_ error: APIError) {
        facts.withLock { facts in
            facts.status = Int(error.status.code)
            facts.metadata.append(("error", error.code ?? error.message))
        }
    }

    /// Writes the line of a request that was answered at once, or of a stream that has ended.
    func log(status: Int? = nil) {
        let facts = facts.withLock { $0 }
        let status = status ?? facts.status
        metrics.countRequest(route?.path ?? "other", status: status)
        let words =
            facts.metadata.map { "\($0)=\($1)" } + ["total_ms=\((metrics.time.now - start).seconds.milliseconds())"]
        let usual: Logger.Level = route?.isFrequent == true && status < 400 ? .debug : .info
        logger.log(level: status >= 500 ? .warning : usual, "\(id) \(line) \(status) \(words.joined(separator: " "))")
    }

    func logStream() { log() }
}

extension Prompt {
    fileprivate var logText: String {
        switch self {
        case .raw(let text): text
        case .conversation(let conversation):
            conversation.messages.map { "\($0.role.rawValue): \($0.content ?? "")" }.joined(separator: "\n")
        case .ids(let ids): "\(ids)"
        }
    }
}

extension HTTPField.Name {
    /// Fields of a request that changed nothing since nothing here knows them: misspelt ones, perhaps.
    fileprivate static let unknownFields = HTTPField.Name("X-Unknown-Fields")!
}
