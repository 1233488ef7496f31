import Hummingbird
import Requests

/// What each route does.
struct Routes: Sendable {
    let served: ServedModel
    let layout: ServedLayout
    let settings: ServerSettings
    let mailbox: Mailbox
    let answers: OpenAnswers
    let metrics: ServerMetrics
    /// Seconds since 1970.
    let started: Int

    /// - Parameter model: Whose description is asked for, where one is.
    func get(_ route: Route, model: String) throws -> Response {
        switch route {
        case .page: return Page.response
        case .health: return health
        case .metrics: return prometheus
        case .models: return JSON.response(ModelList(data: [description]))
        case .model:
            try served.check(name: model)
            return JSON.response(description)
        case .status:
            return JSON.response(StatusReport(mailbox.status, metrics.snapshot, openAnswers: mailbox.openCount))
        default: return JSON.response(PropertiesReport(served, layout, settings))
        }
    }

    func post(
        _ route: Route, _ body: some Sequence<UInt8>, _ record: RequestRecord, _ context: ConnectionContext
    ) async throws -> Answer {
        switch route {
        case .chat: return try await chat(body, record, context)
        case .completions: return try await completion(body, record, context)
        case .tokenize: return Answer(try tokenize(body))
        default: return Answer(try detokenize(body))
        }
    }

    private var description: ModelDescription {
        ModelDescription(id: served.name, created: started, maxModelLen: served.rules.contextLength)
    }

    /// The health of a server that is not there yet.
    static var loading: Response {
        JSON.response(
            HealthReport(status: "loading", reason: "the model is being loaded"), status: .serviceUnavailable)
    }

    private var health: Response {
        if let reason = answers.closed {
            return JSON.response(HealthReport(status: "ending", reason: reason), status: .serviceUnavailable)
        }
        return JSON.response(HealthReport(status: "ok"))
    }

    private var prometheus: Response {
        let text = PrometheusText(metrics.snapshot, mailbox.status, openAnswers: mailbox.openCount).text
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

private struct HealthReport: Encodable {
    let status: String
    var reason: String?
}

private struct ModelList: Encodable {
    let object = "list"
    let data: [ModelDescription]
}

private struct ModelDescription: Encodable {
    let id: String
    let object = "model"
    let created: Int
    let ownedBy = "stagecoach"
    let maxModelLen: Int
}
