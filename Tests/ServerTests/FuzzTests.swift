import TestSupport
import Testing

/// Whatever is sent, the server goes on.
@Suite("Malformed requests")
struct FuzzTests {
    private static let bodies = [
        #"{"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 2, "temperature": 0.5, "stop": ["x"]}"#,
        #"{"prompt": [[5, 6], [7]], "max_tokens": 2, "logit_bias": {"5": -100}, "stream": true, "logprobs": 2}"#,
        #"{"tokens": [1, 2, 3], "content": "a\ud83d\ude00b", "stream_options": {"include_usage": true}}"#,
    ]
    private static let words = [
        "-1", "1e999", "null", "true", "\"\"", "[]", "{}", "[[[[", "\\ud800", "\u{0}", "18446744073709551616", "\"a\":",
        "\"messages\":", "\"prompt\":", "\"n\": 1000000000", "\"max_tokens\": 9223372036854775807",
    ]
    private static let methods = ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "BREW", "GE T", ""]
    private static let paths = [
        "/v1/chat/completions", "/v1/completions", "/tokenize", "/detokenize", "/", "/status", "/%00", "//", "*",
        "/v1/../..", "/health?x=%", "nowhere",
    ]

    private static func mutated(_ random: inout FixedRandom) -> [UInt8] {
        var bytes = Array(bodies.randomElement(using: &random)!.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.insert(contentsOf: Array(words.randomElement(using: &random)!.utf8), at: place)
            case 1: bytes.insert(.random(in: 0...255, using: &random), at: place)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + 5))
            default: if place < bytes.count { bytes[place] = .random(in: 0...255, using: &random) }
            }
        }
        return bytes
    }

    private static func request(_ random: inout FixedRandom) -> [UInt8] {
        let body = mutated(&random)
        let method = Bool.random(using: &random) ? "POST" : methods.randomElement(using: &random)!
        let length = [body.count, body.count, body.count, body.count + 9, -1, 1 << 40].randomElement(using: &random)!
        var head =
            "\(method) \(paths.randomElement(using: &random)!) HTTP/1.\([1, 1, 1, 0, 9].randomElement(using: &random)!)"
        head += "\r\nHost: x\r\nContent-Length: \(length)\r\n"
        if random.isOne(in: 8) { head += "Transfer-Encoding: chunked\r\n" }
        if random.isOne(in: 8) { head += "X: \(String(repeating: "y", count: 40_000))\r\n" }
        if random.isOne(in: 8) { head += "no colon\r\n" }
        if random.isOne(in: 8) { head += "Expect: 100-continue\r\n" }
        return Array(head.utf8) + Array("\r\n".utf8) + body
    }

    @Test("1,000 of them leave it serving, with nothing left behind")
    func survives() async throws {
        try await TestServer.run { server in
            let port = server.port
            let answered = try await HTTPConnection.onThread {
                var random = FixedRandom(6)
                var answered = 0
                for _ in 0..<1000 {
                    let connection = try HTTPConnection(port: port)
                    connection.send(Self.request(&random))
                    connection.finishSending()
                    // Some go without waiting.
                    if !random.isOne(in: 4), connection.readSome() != nil { answered += 1 }
                }
                return answered
            }
            #expect(answered > 300)
            #expect(try await server.get("/health").status == 200)
            try await server.wait { server.engine.mailbox.openCount == 0 }
            let reply = try await server.post("/v1/completions", "{\"prompt\": \"a\", \"max_tokens\": 2}")
            #expect(reply.status == 200)
        }
    }
}
