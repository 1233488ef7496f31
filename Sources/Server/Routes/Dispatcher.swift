import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Requests

/// The way of one request: log, access, route, and errors as JSON.
struct Dispatcher: HTTPResponder {
    private let routes: Routes
    private let access: AccessRules
    private let settings: ServerSettings
    private let metrics: ServerMetrics
    private let logger: Logger

    init(_ routes: Routes, _ settings: ServerSettings, _ metrics: ServerMetrics, _ logger: Logger) {
        self.routes = routes
        access = AccessRules(settings)
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
    }

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let route = Route.named(request.uri.path)
        let record = RequestRecord(
            request, route: route, logger, metrics, logsPrompts: settings.logsPrompts)
        var response: Response
        var isLogged = false
        do {
            let answer = try await answer(request, route, record, context)
            (response, isLogged) = (answer.response, answer.logsItself)
        } catch let error as APIError {
            record.note(error)
            response = error.response
        } catch let error as RequestError {
            record.note(APIError(error))
            response = APIError(error).response
        } catch is NIOTooManyBytesError {
            response = tooLarge.response
        }
        response.headers.append(contentsOf: access.corsFields(for: request))
        response.headers[.requestID] = record.id.description
        response.headers.append(contentsOf: record.headers)
        // Its length is told, but not the body itself.
        if request.method == .head { response.body = ResponseBody() }
        if !isLogged { record.log(status: Int(response.status.code)) }
        return response
    }

    private func answer(
        _ request: Request, _ route: Route?, _ record: RequestRecord, _ context: ConnectionContext
    ) async throws -> Answer {
        guard let route else {
            throw APIError(.notFound, "there is nothing at \(request.uri.path.prefix(200))", code: "unknown_path")
        }
        if request.method == .options, request.headers[.origin] != nil { return Answer(Response(status: .noContent)) }
        try access.check(request)
        guard request.method == route.method || request.method == .head && route.method == .get else {
            throw APIError(
                .methodNotAllowed, "\(route.path) takes \(route.method.rawValue) only", code: "method_not_allowed")
        }
        guard route.method == .post else { return Answer(try routes.get(route)) }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > settings.maxBody {
            throw tooLarge
        }
        let body = try await request.body.collect(upTo: settings.maxBody)
        return try await routes.post(route, body.readableBytesView, record, context)
    }

    private var tooLarge: APIError {
        APIError(.contentTooLarge, "the body may have at most \(settings.maxBody) bytes", code: "body_too_large")
    }
}
