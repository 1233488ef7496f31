import HTTPTypes
import Hummingbird

/// The origins whose pages may use the server, and the fields by which a browser is told so (Fetch Standard, section 3.3).
struct AllowedOrigins: Sendable {
    private let names: Set<String>
    private let isAny: Bool

    init(_ origins: [String]) {
        names = Set(origins.map { $0.lowercased() })
        isAny = origins.contains("*")
    }

    func contains(_ origin: String) -> Bool { isAny || names.contains(origin.lowercased()) }

    /// None for pages that may not see the response.
    func fields(for request: Request) -> HTTPFields {
        guard let origin = request.headers[.origin], contains(origin) else { return [:] }
        var fields: HTTPFields = [
            .accessControlAllowOrigin: isAny ? "*" : origin, .vary: "Origin",
            .accessControlExposeHeaders: "X-Request-Id, Retry-After, X-Should-Retry, X-Unknown-Fields",
        ]
        guard request.method == .options else { return fields }
        fields[.accessControlAllowMethods] = Route.allAllowed
        // Clients send more than these: whatever they mean to.
        fields[.accessControlAllowHeaders] =
            request.headers[.accessControlRequestHeaders] ?? "Authorization, Content-Type"
        fields[.vary] = "Origin, Access-Control-Request-Headers"
        fields[.accessControlMaxAge] = "600"
        if request.headers[.requestPrivateNetwork] != nil { fields[.allowPrivateNetwork] = "true" }
        return fields
    }
}

extension HTTPField.Name {
    /// A page of the internet asks for something nearer (Private Network Access).
    fileprivate static let requestPrivateNetwork = HTTPField.Name("Access-Control-Request-Private-Network")!
    fileprivate static let allowPrivateNetwork = HTTPField.Name("Access-Control-Allow-Private-Network")!
}
