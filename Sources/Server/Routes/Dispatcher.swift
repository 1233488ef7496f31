import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Requests

/// The way of one request: log, access, route, and errors as JSON.
struct Dispatcher: HTTPResponder {
    private let routes: LateRoutes
    private let access: AccessRules
    private let settings: ServerSettings
    private let metrics: ServerMetrics
    private let logger: Logger

    init(_ routes: LateRoutes, _ settings: ServerSettings, _ metrics: ServerMetrics, _ logger: Logger) {
        self.routes = routes
        access = AccessRules(settings)
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
    }

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let path = RequestPath(request.uri.path)
        let record = RequestRecord(
            request, route: path.route, logger, metrics, logsPrompts: settings.logsPrompts)
        var response: Response
        var isLogged = false
        do {
            let answer = try await answer(request, path, record, context)
            (response, isLogged) = (answer.response, answer.logsItself)
        } catch let error as APIError {
            record.note(error)
            response = error.response
        } catch let error as RequestError {
            record.note(APIError(error))
            response = APIError(error).response
        } catch is NIOTooManyBytesError {
            record.note(tooLarge)
            response = tooLarge.response
        }
        response.headers.append(contentsOf: access.origins.fields(for: request))
        response.headers[.requestID] = record.id.description
        response.headers.append(contentsOf: record.headers)
        if request.method == .head {
            // Its length is told, but not the body itself.
            response.body = ResponseBody(contentLength: response.body.contentLength) { try await $0.finish(nil) }
        }
        if !isLogged { record.log(status: Int(response.status.code)) }
        return response
    }

    private func answer(
        _ request: Request, _ path: RequestPath, _ record: RequestRecord, _ context: ConnectionContext
    ) async throws -> Answer {
        if request.method == .options, let answer = options(request, path) { return answer }
        guard let route = path.route else {
            throw APIError(.notFound, "there is nothing at \(request.uri.path.prefix(200))", code: "unknown_path")
        }
        try access.check(request, route)
        guard route.takes(request.method) else {
            throw APIError(
                .methodNotAllowed, "\(route.path) takes \(route.method.rawValue) only", code: "method_not_allowed",
                headers: [.allow: route.allowed])
        }
        if route == .health, !routes.areThere { return Answer(Routes.loading) }
        let routes = await routes.get()
        guard route.method == .post else { return Answer(try routes.get(route, model: path.model)) }
        let form = try BodyForm(request.headers)
        let body = try await body(of: request, context)
        try form.check(body.readableBytesView)
        return try await routes.post(route, body.readableBytesView, record, context)
    }

    /// What may be asked: browsers want to know it before they let another site's page ask, and proxies whether anybody is
    /// here.
    private func options(_ request: Request, _ path: RequestPath) -> Answer? {
        if request.headers[.origin] != nil { return Answer(Response(status: .noContent)) }
        guard path.route != nil || request.uri.path == "*" else { return nil }
        return Answer(Response(status: .noContent, headers: [.allow: path.route?.allowed ?? Route.allAllowed]))
    }

    private func body(of request: Request, _ context: ConnectionContext) async throws -> ByteBuffer {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > settings.maxBody {
            throw tooLarge
        }
        if let wish = request.headers[.expect] {
            guard wish.lowercased() == "100-continue" else {
                throw APIError(
                    .expectationFailed, "what the field Expect asks for is not done here", code: "expectation_failed")
            }
            context.askForBody()
        }
        return try await request.body.collect(upTo: settings.maxBody)
    }

    private var tooLarge: APIError {
        APIError(
            .contentTooLarge, "the body may have at most \(settings.maxBody) bytes", code: "body_too_large",
            // Whoever does not read the rest cannot know where the next request begins.
            headers: [.connection: "close"])
    }
}
