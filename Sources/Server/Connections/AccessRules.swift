import HTTPTypes
import Hummingbird

/// Who may use the server.
struct AccessRules: Sendable {
    private let apiKey: [UInt8]?
    private let corsOrigin: String?

    /// What anyone may have: the page shows nothing by itself, and probes have no key.
    private static let openPaths: Set<String> = ["/", "/health"]

    init(_ settings: ServerSettings) {
        apiKey = settings.apiKey.map { Array($0.utf8) }
        corsOrigin = settings.corsOrigin
    }

    /// Refuses requests without the key, and those that another site's page makes a browser send.
    func check(_ request: Request) throws(APIError) {
        if let origin = request.headers[.origin], request.headers[.secFetchSite] == "cross-site", !allows(origin) {
            throw APIError(.forbidden, "pages of \(origin.prefix(200)) may not use this server", code: "origin")
        }
        guard let apiKey, !Self.openPaths.contains(request.uri.path) else { return }
        let field = request.headers[.authorization] ?? ""
        guard field.prefix(7).lowercased() == "bearer " else {
            throw APIError(
                .unauthorized, "an API key is needed: send \"Authorization: Bearer KEY\"", code: "no_api_key")
        }
        guard Self.areEqual(Array(field.utf8.dropFirst(7)), apiKey) else {
            throw APIError(.unauthorized, "this API key is wrong", code: "invalid_api_key")
        }
    }

    /// The fields by which a browser lets another origin's page see a response.
    func corsFields(for request: Request) -> HTTPFields {
        guard let origin = request.headers[.origin], let corsOrigin, allows(origin) else { return [:] }
        var fields: HTTPFields = [.accessControlAllowOrigin: corsOrigin, .vary: "Origin"]
        if request.method == .options {
            fields[.accessControlAllowMethods] = "GET, POST"
            fields[.accessControlAllowHeaders] = "Authorization, Content-Type"
            fields[.accessControlMaxAge] = "600"
        }
        return fields
    }

    private func allows(_ origin: String) -> Bool { corsOrigin == "*" || corsOrigin == origin }

    /// Takes as long for equal keys as for any others of the same length.
    static func areEqual(_ given: [UInt8], _ key: [UInt8]) -> Bool {
        var difference = given.count ^ key.count
        for index in given.indices { difference |= Int(given[index] ^ key[index % max(key.count, 1)]) }
        return difference == 0 && !key.isEmpty
    }
}

extension HTTPField.Name {
    static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
    static let retryAfter = HTTPField.Name("Retry-After")!
    static let requestID = HTTPField.Name("X-Request-Id")!
}
