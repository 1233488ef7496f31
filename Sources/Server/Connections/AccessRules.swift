import HTTPTypes
import Hummingbird

/// Who may use the server.
struct AccessRules: Sendable {
    private let apiKey: [UInt8]?
    private let hosts: KnownHosts
    let origins: AllowedOrigins

    init(_ settings: ServerSettings) {
        apiKey = settings.apiKey.map { Array($0.utf8) }
        hosts = KnownHosts(settings)
        origins = AllowedOrigins(settings.corsOrigins)
    }

    /// Refuses requests without the key, and those that another site's page makes a browser send.
    func check(_ request: Request, _ route: Route) throws(APIError) {
        try checkOrigin(request)
        if let apiKey { try check(apiKey, request, route) } else { try checkHost(request, route) }
    }

    private func checkOrigin(_ request: Request) throws(APIError) {
        guard let origin = request.headers[.origin], !origins.contains(origin), isForeign(origin, request) else {
            return
        }
        throw APIError(.forbidden, "pages of \(origin.prefix(200)) may not use this server", code: "origin")
    }

    /// Browsers say how a page's site relates to this one; older ones only where the page is from.
    private func isForeign(_ origin: String, _ request: Request) -> Bool {
        if let site = request.headers[.secFetchSite] { return site == "cross-site" }
        guard apiKey == nil, request.method == .post else { return false }
        guard let host = request.head.authority.flatMap({ HostName($0) }) else { return true }
        return HostName(origin: origin)?.text != host.text
    }

    private func checkHost(_ request: Request, _ route: Route) throws(APIError) {
        guard route != .health, let host = request.head.authority.flatMap({ HostName($0) }), !hosts.contains(host)
        else {
            return
        }
        throw APIError(
            .forbidden,
            "a server without a key answers only for hosts that it knows: start it with --allowed-host "
                + "\(host.text.prefix(200)) to make this one of them, or with an API key", code: "host")
    }

    private func check(_ apiKey: [UInt8], _ request: Request, _ route: Route) throws(APIError) {
        guard !route.isOpen else { return }
        let field = request.headers[.authorization] ?? ""
        guard field.prefix(7).lowercased() == "bearer " else {
            throw APIError(
                .unauthorized, "an API key is needed: send \"Authorization: Bearer KEY\"", code: "no_api_key")
        }
        guard Self.areEqual(Array(field.utf8.dropFirst(7)), apiKey) else {
            throw APIError(.unauthorized, "this API key is wrong", code: "invalid_api_key")
        }
    }

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
