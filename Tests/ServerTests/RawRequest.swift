import TestSupport

/// Requests as bytes.
enum RawRequest {
    static let completion = "{\"prompt\": [5, 6], \"max_tokens\": 2}"

    static func get(
        _ target: String, method: String = "GET", version: String = "1.1", host: String? = "localhost",
        fields: [String] = []
    ) -> String {
        let lines = ["\(method) \(target) HTTP/\(version)"] + (host.map { ["Host: \($0)"] } ?? []) + fields
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    static func post(
        _ target: String = "/v1/completions", _ body: String = completion, version: String = "1.1",
        fields: [String] = ["Content-Type: application/json"]
    ) -> String {
        get(target, method: "POST", version: version, fields: fields + ["Content-Length: \(body.utf8.count)"]) + body
    }
}

extension TestServer {
    /// Sends all of it at once.
    func open(_ text: String) async throws -> HTTPConnection {
        try await HTTPConnection.onThread { [port] in
            let connection = try HTTPConnection(port: port)
            connection.send(Array(text.utf8))
            return connection
        }
    }

    /// The replies to so many requests on one connection.
    func replies(_ count: Int, to text: String) async throws -> [HTTPReply] {
        let connection = try await open(text)
        return try await HTTPConnection.onThread { try (0..<count).map { _ in try connection.readReply() } }
    }

    func reply(to text: String) async throws -> HTTPReply { try await replies(1, to: text)[0] }

    /// The reply to a request after which the server ends the connection.
    func lastReply(to text: String) async throws -> HTTPReply {
        let connection = try await open(text)
        return try await HTTPConnection.onThread {
            let reply = try connection.readReply()
            return connection.readSome() == nil ? reply : HTTPReply(status: 0, headers: [:], body: [])
        }
    }
}
