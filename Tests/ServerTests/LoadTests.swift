import Foundation
import TestSupport
import Testing

/// Many clients, slow clients, clients that go, and the end.
@Suite("Under load")
struct LoadTests {
    private static func completion(_ tokens: Int, stream: Bool = false) -> String {
        "{\"prompt\": [5, 6], \"max_tokens\": \(tokens), \"stream\": \(stream)}"
    }

    @Test("A full queue refuses what comes on top, for now")
    func fullQueue() async throws {
        try await TestServer.run {
            $0.maxSequences = 2
            $0.maxQueue = 1
        } _: { server in
            server.engine.hold()
            var connections: [HTTPConnection] = []
            for _ in 0..<3 { connections.append(try await server.begin("/v1/completions", Self.completion(2))) }
            try await server.wait { server.engine.requests.count == 3 }
            let reply = try await server.post("/v1/completions", Self.completion(2))
            #expect(reply.status == 429 && Int(reply.headers["retry-after"] ?? "") ?? 0 >= 1, "\(reply)")
            server.engine.goOn()
            for connection in connections {
                let reply = try await HTTPConnection.onThread { try connection.readReply() }
                #expect(reply.status == 200)
            }
            #expect(try await server.post("/v1/completions", Self.completion(2)).status == 200)
        }
    }

    @Test("A client that goes is cancelled, while it waits and while it streams", arguments: [false, true])
    func departures(stream: Bool) async throws {
        try await TestServer.run { server in
            server.engine.hold(after: stream ? 3 : 0)
            var connection: HTTPConnection? = try await server.begin(
                "/v1/completions", Self.completion(100_000, stream: stream))
            try await server.wait { server.engine.requests.count == 1 }
            if stream { _ = try await HTTPConnection.onThread { [connection] in connection!.readSome() } }
            connection = nil
            try await server.wait { server.engine.cancelledCount == 1 }
            #expect(server.engine.mailbox.openCount == 0)
        }
    }

    @Test("Who does not read holds up nobody else")
    func slowReader() async throws {
        try await TestServer.run { server in
            let body = "{\"prompt\": [5], \"max_tokens\": 120, \"stream\": true, \"n\": 16, \"logprobs\": 5}"
            let slow = try await HTTPConnection.onThread { [port = server.port] in
                let connection = try HTTPConnection(port: port, receiveBuffer: 2048)
                connection.send("POST", "/v1/completions", body: Array(body.utf8))
                return connection
            }
            try await server.wait { server.engine.requests.count == 16 }
            for _ in 0..<5 {
                #expect(try await server.post("/v1/completions", Self.completion(50)).status == 200)
            }
            // The engine is done with it, though hardly a byte was read.
            try await server.wait { server.engine.mailbox.openCount == 0 }
            let reply = try await HTTPConnection.onThread { try slow.readReply() }
            #expect(reply.text.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test("An answer that takes too long ends with an error", arguments: [false, true])
    func deadline(stream: Bool) async throws {
        let time = ManualTime()
        try await TestServer.run(time: time) {
            $0.requestTimeout = 40
        } _: { server in
            server.engine.hold()
            let connection = try await server.begin("/v1/completions", Self.completion(5, stream: stream))
            var seen: [UInt8] = []
            // Two signs of life, then the end.
            for seconds in [15, 15, 10] {
                try await server.wait { time.sleeperCount == 1 }
                time.advance(by: .seconds(seconds))
                guard stream, seconds == 15 else { continue }
                seen += try await HTTPConnection.onThread { connection.read(until: "\r\n:\n\r\n") }
            }
            connection.putBack(seen)
            let reply = try await HTTPConnection.onThread { try connection.readReply() }
            let error = reply.objects.last?["error"] as? [String: Any]
            #expect(reply.status == (stream ? 200 : 504) && error?["code"] as? String == "timeout", "\(reply)")
            // Clients would run it twice more by themselves.
            #expect(stream || reply.headers["x-should-retry"] == "false")
            #expect(reply.text.hasPrefix(":\n:\ndata: ") || !stream, "\(reply)")
            try await server.wait { server.engine.cancelledCount == 1 }
        }
    }

    @Test("Connections on which nothing is asked cost nobody anything")
    func idleConnections() async throws {
        try await TestServer.run { server in
            let connections = try await HTTPConnection.onThread { [port = server.port] in
                try (0..<400).map { _ in try HTTPConnection(port: port) }
            }
            #expect(try await server.post("/v1/completions", Self.completion(5)).status == 200)
            // Each of them is still good for a request.
            let last = connections[200]
            let status = try await HTTPConnection.onThread {
                last.send("GET", "/health")
                return try last.readReply().status
            }
            #expect(status == 200)
        }
    }

    @Test("Draining finishes what runs, takes nothing new, and then ends")
    func drain() async throws {
        try await TestServer.run { server in
            server.engine.hold()
            let running = try await server.begin("/v1/completions", Self.completion(5, stream: true))
            try await server.wait { server.engine.requests.count == 1 }
            server.service.drain()
            #expect(try await server.get("/health").status == 503)
            let late = try await server.post("/v1/completions", Self.completion(5))
            #expect(late.status == 503 && late.error["code"] as? String == "shutting_down")
            server.engine.goOn()
            let reply = try await HTTPConnection.onThread { try running.readReply() }
            #expect(reply.text.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test("Where the server ends at once, or the engine fails, clients are told", arguments: [false, true])
    func ends(fails: Bool) async throws {
        try await TestServer.run { server in
            server.engine.hold()
            let stream = try await server.begin("/v1/completions", Self.completion(5, stream: true))
            let whole = try await server.begin("/v1/completions", Self.completion(5))
            try await server.wait { server.engine.requests.count == 2 }
            if fails { server.engine.fail("a rank is gone") } else { server.service.abandon("it was told to") }
            let replies = try await HTTPConnection.onThread { (try stream.readReply(), try whole.readReply()) }
            let error = replies.0.objects.last?["error"] as? [String: Any]
            let words = fails ? "a rank is gone" : "it was told to"
            #expect((error?["message"] as? String)?.contains(words) == true, "\(replies)")
            #expect(replies.1.status == 503 && replies.1.text.contains(words))
        }
    }
}
