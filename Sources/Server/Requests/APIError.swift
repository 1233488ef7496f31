import HTTPTypes
import Hummingbird
import Requests

/// Why a request is not answered, as OpenAI's clients expect to be told.
struct APIError: Error {
    let status: HTTPResponse.Status
    let message: String
    /// The field that is wrong.
    let param: String?
    let code: String?
    /// Seconds after which another try makes sense.
    var retryAfter: Int?
    /// Whether another try would come to the same: OpenAI's clients make two by themselves.
    var isHopeless = false
    /// Fields of the response that say more.
    let headers: HTTPFields

    init(
        _ status: HTTPResponse.Status, _ message: String, param: String? = nil, code: String? = nil,
        retryAfter: Int? = nil, headers: HTTPFields = [:]
    ) {
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.retryAfter = retryAfter
        self.headers = headers
    }

    /// The body that says so: `{"error": {...}}`.
    var body: some Encodable { Body(error: .init(self)) }

    private struct Body: Encodable {
        let error: Details
    }

    private struct Details: Encodable {
        let message: String
        let type: String
        @Nullable var param: String?
        @Nullable var code: String?

        init(_ error: APIError) {
            message = error.message
            type = error.type
            param = error.param
            code = error.code
        }
    }

    private var type: String {
        switch status.code {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }
}

extension APIError {
    init(_ error: RequestError) {
        let status: HTTPResponse.Status =
            switch error.kind {
            case .wrong: .badRequest
            case .notHere: .notFound
            case .unsuitable: .unprocessableContent
            }
        self.init(status, error.description, param: error.param, code: error.code)
    }
}

extension APIError {
    var response: Response {
        var headers = headers
        if let retryAfter { headers[.retryAfter] = "\(retryAfter)" }
        if isHopeless { headers[.shouldRetry] = "false" }
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        return JSON.response(body, status: status, headers: headers)
    }
}

extension HTTPField.Name {
    /// What OpenAI's clients look at before they try again, whatever the status.
    fileprivate static let shouldRetry = HTTPField.Name("X-Should-Retry")!
}
