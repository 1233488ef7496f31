import Foundation
import TestSupport
import Testing

@testable import Server

/// What is no request, or one that leaves in doubt what it asks.
@Suite("Malformed messages")
struct MalformedTests {
    struct Case: Sendable, CustomStringConvertible {
        let text: String
        let status: Int
        var description: String { String(text.prefix(60)) }

        init(_ status: Int, _ text: String) { (self.status, self.text) = (status, text) }
    }

    private static let long = String(repeating: "a", count: 100_000)

    private static func post(_ fields: [String], _ rest: String) -> String {
        RawRequest.get("/v1/completions", method: "POST", fields: fields) + rest
    }

    static let cases = [
        Case(400, RawRequest.get("/health", host: nil)), Case(400, RawRequest.get("/health", fields: ["Host: a"])),
        Case(400, RawRequest.get("/health", host: "a b")), Case(400, RawRequest.get("/health", host: "user@localhost")),
        Case(400, RawRequest.get("/health", host: "localhost:80x")), Case(400, RawRequest.get("/health", host: "[::1")),
        Case(414, RawRequest.get("/\(long)")), Case(431, RawRequest.get("/health", fields: ["X: \(long)"])),
        Case(431, RawRequest.get("/health", fields: (0..<1000).map { "X\($0): 1" })),
        Case(400, post(["Content-Length: 5", "Transfer-Encoding: chunked"], "0\r\n\r\n")),
        Case(400, post(["Transfer-Encoding: gzip"], "")),
        Case(400, post(["Content-Length: 5", "Content-Length: 6"], "")),
        Case(400, post(["Content-Length: -5"], "")), Case(400, post(["Transfer-Encoding: chunked"], "zz\r\n")),
        Case(405, RawRequest.get("/health", method: "get")), Case(405, RawRequest.get("/health", method: "BREW")),
        Case(405, "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"),
        Case(505, RawRequest.get("/health", version: "2.0")), Case(505, RawRequest.get("/health", version: "9.9")),
        Case(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Case(400, "garbage\r\n\r\n"), Case(400, "\u{16}\u{3}\u{1}\u{2}"),
        Case(400, RawRequest.get("/health", fields: ["no colon"])),
        Case(400, RawRequest.get("/health", fields: ["A : b"])),
        Case(400, RawRequest.get("/health", fields: ["A: b", " c"])), Case(400, "GET /health HTTP/1.1\nHost: a\n\n"),
        Case(400, RawRequest.get("health")), Case(400, RawRequest.get("http:///health")),
        Case(400, RawRequest.get("*")),
    ]

    @Test("It gets an error as JSON, in its turn, and the connection ends")
    func refused() async throws {
        try await TestServer.run { server in
            for wrong in Self.cases {
                let reply = try await server.lastReply(to: wrong.text)
                #expect(reply.status == wrong.status && reply.headers["connection"] == "close", "\(wrong): \(reply)")
                #expect(reply.headers["content-type"] == "application/json" && reply.headers["date"] != nil)
                #expect(reply.error["message"] is String && reply.error["code"] is String, "\(reply)")
                #expect((reply.headers["allow"] != nil) == (wrong.status == 405))
                let replies = try await server.replies(2, to: RawRequest.post() + wrong.text)
                #expect(replies[0].status == 200 && (400..<506).contains(replies[1].status), "\(wrong): \(replies)")
            }
        }
    }

    @Test("A request whose end never comes is refused when the client says so")
    func cutOff() async throws {
        try await TestServer.run { server in
            let connection = try await server.open(String(RawRequest.post().dropLast(5)))
            connection.finishSending()
            let reply = try await HTTPConnection.onThread { try connection.readReply() }
            #expect(reply.status == 400 && reply.error["code"] as? String == "malformed_request", "\(reply)")
            #expect(server.engine.requests.isEmpty)
        }
    }

    @Test("The date of an error is written as HTTP asks")
    func date() {
        #expect(HTTPDate.text(Date(timeIntervalSince1970: 784_111_777)) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(Date(timeIntervalSince1970: 1_709_164_800)) == "Thu, 29 Feb 2024 00:00:00 GMT")
    }
}
