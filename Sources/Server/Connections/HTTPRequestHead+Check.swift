import NIOHTTP1

extension HTTPRequestHead {
    /// Brings a request's target into the form that routes are told by, and refuses what leaves in doubt whom it is for
    /// (RFC 9112, section 3.2).
    mutating func check() throws(APIError) {
        let hosts = headers["Host"]
        guard hosts.count == 1 || hosts.isEmpty && version == .http1_0 else {
            throw Self.malformed(hosts.isEmpty ? "the field Host is missing" : "the field Host is there more than once")
        }
        if let host = hosts.first, HostName(host) == nil { throw Self.malformed("the field Host names no host") }
        guard method != .CONNECT else {
            throw APIError(
                .methodNotAllowed, "this is no proxy", code: "method_not_allowed", headers: [.allow: Route.allAllowed])
        }
        if let range = uri.firstRange(of: "://"), uri.first != "/" { try takeAbsolute(uri[range.upperBound...]) }
        guard uri.hasPrefix("/") || uri == "*" && method == .OPTIONS else {
            throw Self.malformed("the path must begin with a slash")
        }
    }

    /// As proxies are asked: what it says of the host counts.
    private mutating func takeAbsolute(_ rest: Substring) throws(APIError) {
        let authority = rest.prefix { !"/?#".contains($0) }
        guard let host = HostName(authority), !host.text.isEmpty else { throw Self.malformed("the URL names no host") }
        headers.replaceOrAdd(name: "Host", value: String(authority))
        let path = rest[authority.endIndex...]
        if !path.isEmpty || method != .OPTIONS {
            uri = path.hasPrefix("/") ? String(path) : "/\(path)"
        } else {
            uri = "*"
        }
    }

    private static func malformed(_ message: String) -> APIError {
        APIError(.badRequest, message, code: "malformed_request")
    }
}
