import NIOHTTP1

extension APIError {
    /// Why something is no request.
    init(_ error: HTTPParserError, _ lines: StartLines) {
        switch error {
        case .headerOverflow where lines.isEndless:
            self.init(.uriTooLong, "the request's path is too long", code: "path_too_long")
        case .headerOverflow:
            self.init(.requestHeaderFieldsTooLarge, "the request's header is too long", code: "header_too_large")
        case .invalidMethod where lines.hasForm:
            self.init(
                .methodNotAllowed, "the request's method is not known here", code: "method_not_allowed",
                headers: [.allow: Route.allAllowed])
        case .invalidVersion where !lines.namesVersion, .paused:
            self.init(.httpVersionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here", code: "http_version")
        case .invalidContentLength, .unexpectedContentLength:
            self.init(malformed: "its Content-Length is wrong, or there beside another length")
        case .invalidChunkSize: self.init(malformed: "a chunk of its body has no size")
        case .invalidEOFState, .closedConnection: self.init(malformed: "it ends in its middle")
        case .invalidHeaderToken: self.init(malformed: "a field of its header is malformed")
        default: self.init(malformed: "it is not written as HTTP/1.1 asks")
        }
    }

    private init(malformed message: String) {
        self.init(.badRequest, "the request cannot be read: \(message)", code: "malformed_request")
    }
}
