import Foundation
import TestSupport
import Testing

/// What HTTP/1 asks of a connection (RFC 9110, RFC 9112), by clients that are strict.
@Suite("Connections")
struct ConnectionTests {
    @Test("Who waits for a word before sending the body gets it, or the answer that needs no body")
    func expectations() async throws {
        try await TestServer.run {
            $0.maxBody = 1000
        } _: { server in
            let wish = ["Content-Type: application/json", "Expect: 100-continue"]
            let whole = RawRequest.post(fields: wish)
            let connection = try await server.open(String(whole.dropLast(RawRequest.completion.count)))
            let replies = try await HTTPConnection.onThread {
                let word = try connection.readReply()
                connection.send(Array(RawRequest.completion.utf8))
                return (word.status, try connection.readReply().status)
            }
            #expect(replies == (100, 200))
            let refusals: [(status: Int, path: String, length: Int)] = [
                (404, "/nowhere", 10), (405, "/health", 10), (413, "/v1/completions", 5000),
            ]
            for refusal in refusals {
                let head = RawRequest.get(
                    refusal.path, method: "POST", fields: wish + ["Content-Length: \(refusal.length)"])
                let reply = try await server.lastReply(to: head)
                #expect(reply.status == refusal.status && reply.headers["connection"] == "close", "\(reply)")
            }
            let other = try await server.reply(to: RawRequest.post(fields: ["Expect: miracles"]))
            #expect(other.status == 417 && other.error["code"] as? String == "expectation_failed")
        }
    }

    @Test("HTTP/1.0 gets its answer without chunks, ended by the end of the connection")
    func oldVersion() async throws {
        try await TestServer.run { server in
            for field in ["X: 1", "Connection: keep-alive"] {
                let reply = try await server.lastReply(
                    to: RawRequest.get("/health", version: "1.0", host: nil, fields: [field]))
                #expect(reply.status == 200 && reply.headers["connection"] == "close")
            }
            let body = "{\"prompt\": [5, 6], \"max_tokens\": 2, \"stream\": true}"
            let connection = try await server.open(RawRequest.post("/v1/completions", body, version: "1.0"))
            let text = try await HTTPConnection.onThread { connection.readToEnd() }
            #expect(text.hasSuffix("data: [DONE]\n\n") && !text.lowercased().contains("transfer-encoding"), "\(text)")
        }
    }

    @Test("A client that ends its side still gets its answer, whole or as a stream", arguments: [false, true])
    func halfClosed(stream: Bool) async throws {
        try await TestServer.run { server in
            server.engine.hold()
            let body = "{\"prompt\": [5, 6], \"max_tokens\": 3, \"stream\": \(stream)}"
            let connection = try await server.open(RawRequest.post("/v1/completions", body))
            try await server.wait { server.engine.requests.count == 1 }
            connection.finishSending()
            let reply = try await HTTPConnection.onThread { [engine = server.engine] in
                // What tells the server whether the client is still there is the beginning of the answer.
                connection.putBack(connection.readSome() ?? [])
                engine.goOn()
                let reply = try connection.readReply()
                return connection.readSome() == nil ? reply : HTTPReply(status: 0, headers: [:], body: [])
            }
            #expect(reply.status == 200 && reply.choices.last?["finish_reason"] as? String == "length", "\(reply)")
            #expect(server.engine.cancelledCount == 0)
        }
    }

    /// Longer than what the systems of both ends hold, and read when a server might have lost its patience.
    @Test("A long answer reaches a slow reader whole, though the connection ends with it", arguments: [false, true])
    func slowReaders(closesItsSide: Bool) async throws {
        try await TestServer.run { server in
            let text = String(repeating: "☃", count: 700_000)
            let reply = try await HTTPConnection.onThread { [port = server.port] in
                let connection = try HTTPConnection(port: port, receiveBuffer: 4096)
                connection.send(
                    "POST", "/tokenize", headers: closesItsSide ? [:] : ["Connection": "close"],
                    body: Array("{\"content\": \"\(text)\"}".utf8))
                if closesItsSide { connection.finishSending() }
                Thread.sleep(forTimeInterval: 2.5)
                return try connection.readReply()
            }
            let tokens = reply.objects[0]["tokens"] as? [Int] ?? []
            #expect(reply.status == 200 && tokens.count >= 2_100_000, "\(reply.status), \(tokens.count) tokens")
        }
    }

    @Test("Requests that are sent at once are answered in their order, those before a half-closed end too")
    func pipelining() async throws {
        try await TestServer.run { server in
            let text =
                RawRequest.get("/health") + RawRequest.post() + RawRequest.get("/nowhere")
                + RawRequest.get("/v1/models")
            let connection = try await server.open(text)
            connection.finishSending()
            let statuses = try await HTTPConnection.onThread {
                try (0..<4).map { _ in try connection.readReply().status }
            }
            #expect(statuses == [200, 200, 404, 200])
        }
    }

    @Test("A connection ends after the answer where the client wants that, and nothing after it is answered")
    func closing() async throws {
        try await TestServer.run { server in
            for field in ["close", "Close", "close, TE", "Keep-Alive, close"] {
                let text = RawRequest.get("/health", fields: ["Connection: \(field)"]) + RawRequest.get("/health")
                let reply = try await server.lastReply(to: text)
                #expect(reply.status == 200 && reply.headers["connection"] == "close", "\(field)")
            }
        }
    }

    /// The decoder stops where another protocol might begin: what was sent then was never answered.
    @Test("A wish for another protocol is not granted, and the next request needs a new connection")
    func upgrades() async throws {
        try await TestServer.run { server in
            let fields = [
                "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
            ]
            for text in [RawRequest.get("/health", fields: fields), RawRequest.post(fields: fields)] {
                let reply = try await server.lastReply(to: text)
                #expect(reply.status == 200 && reply.headers["connection"] == "close", "\(reply)")
            }
        }
    }

    @Test("Errors that leave no doubt where the next request begins leave the connection open")
    func afterErrors() async throws {
        try await TestServer.run { server in
            let text =
                RawRequest.post("/v1/completions", "{") + RawRequest.post("/nowhere") + RawRequest.post("/health")
                + RawRequest.get("/health", method: "PUT") + RawRequest.get("/health", fields: ["Content-Length: 5"])
                + "hello" + RawRequest.post()
            let statuses = try await server.replies(6, to: text).map(\.status)
            #expect(statuses == [400, 404, 405, 405, 200, 200])
        }
    }

    @Test("A body that is too long is not read, and the client learns why before the connection ends")
    func longBodies() async throws {
        try await TestServer.run {
            $0.maxBody = 100_000
        } _: { server in
            let long = String(repeating: "x", count: 400_000)
            let chunked = RawRequest.get(
                "/v1/completions", method: "POST", fields: ["Transfer-Encoding: chunked"])
            let chunks = String(repeating: "186a0\r\n\(long.prefix(100_000))\r\n", count: 4) + "0\r\n\r\n"
            for text in [RawRequest.post("/v1/completions", long), chunked + chunks] {
                let reply = try await server.lastReply(to: text)
                #expect(reply.status == 413 && reply.error["code"] as? String == "body_too_large", "\(reply)")
            }
        }
    }

    @Test("A header that comes in pieces is read, and empty lines before a request are skipped")
    func pieces() async throws {
        try await TestServer.run { server in
            let connection = try await server.open("\r\n\r\nGET /hea")
            let status = try await HTTPConnection.onThread {
                for piece in ["lth HTT", "P/1.1\r\nHo", "st: localhost\r\n", "\r\n"] {
                    connection.send(Array(piece.utf8))
                }
                return try connection.readReply().status
            }
            #expect(status == 200)
        }
    }

    @Test("A stream has no empty line but those that end its events")
    func comments() async throws {
        try await TestServer.run { server in
            let body = "{\"prompt\": [5, 6], \"max_tokens\": 3, \"stream\": true}"
            let reply = try await server.post("/v1/completions", body)
            // Some clients take them for events without data.
            for event in reply.text.components(separatedBy: "\n\n").dropLast() {
                #expect(event.hasPrefix("data: "), "\(reply)")
            }
        }
    }
}
