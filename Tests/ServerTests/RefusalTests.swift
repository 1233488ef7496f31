import TestSupport
import Testing

@testable import Server

/// Requests that cannot be answered, and who may not ask.
@Suite("Refusals")
struct RefusalTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        let path: String
        let body: String
        var status = 400
        /// What the error must name.
        let words: String

        var testDescription: String { body }
    }

    private static let message = #""messages": [{"role": "user", "content": "a"}]"#

    private static func chat(_ more: String, _ words: String, status: Int = 400) -> Wrong {
        Wrong(path: "/v1/chat/completions", body: "{\(message), \(more)}", status: status, words: words)
    }

    static let wrong: [Wrong] = [
        chat("\"temperature\": \"hot\"", "temperature must be a number"), chat("\"temperature\": -1", "temperature -1"),
        chat("\"top_p\": 2", "top-p 2"), chat("\"top_k\": 1.5", "top_k must be"),
        chat("\"seed\": \"x\"", "seed must be"),
        chat("\"stop\": \"\(String(repeating: "a", count: 4097))\"", "at most 4096 bytes"),
        chat("\"stop\": 5", "stop must be"), chat("\"stop\": [\"\"]", "stop must hold"), chat("\"n\": 0", "n must be"),
        chat("\"max_tokens\": -2", "max_tokens must not"), chat("\"max_tokens\": 0", "max_tokens must be at least 1"),
        chat("\"stream\": \"yes\"", "stream must be"), chat("\"logit_bias\": {\"x\": 1}", "logit_bias must be"),
        chat("\"logit_bias\": {\"999999\": 1}", "999999"), chat("\"top_logprobs\": 3", "top_logprobs"),
        chat("\"logprobs\": true, \"top_logprobs\": 21", "top_logprobs"), chat("\"model\": 5", "model must be"),
        chat("\"presence_penalty\": 1e9", "presence penalty"), chat("\"stream_options\": 1", "stream_options"),
        chat("\"model\": \"gpt-4o\"", "gpt-4o", status: 404), chat("\"n\": 100", "at most"),
        Wrong(path: "/v1/chat/completions", body: "{}", words: "messages"),
        Wrong(path: "/v1/chat/completions", body: "[1]", words: "JSON object"),
        Wrong(path: "/v1/chat/completions", body: "{\"messages\": [5]}", words: "messages[0] must be"),
        Wrong(path: "/v1/chat/completions", body: "{\"messages\": {}}", words: "messages must be a list"),
        Wrong(
            path: "/v1/chat/completions", body: "{\"messages\": [{\"role\": \"user\", \"content\": 5}]}",
            words: "messages[0].content must be"),
        Wrong(path: "/v1/chat/completions", body: "{\"messages\": [{\"content\": \"\"}]}", words: "messages[0].role"),
        Wrong(
            path: "/v1/chat/completions", body: "{\"messages\": [{\"role\": \"assistant\", \"content\": \"a\"}]}",
            status: 422, words: " "),
        Wrong(path: "/v1/completions", body: "{\"prompt\": []}", words: "prompt must be"),
        Wrong(path: "/v1/completions", body: "{\"prompt\": [[]]}", words: "no tokens"),
        Wrong(path: "/v1/completions", body: "{\"prompt\": [-1]}", words: "not in the vocabulary"),
        Wrong(path: "/v1/completions", body: "{\"prompt\": [1.5]}", words: "prompt must be"),
        Wrong(path: "/v1/completions", body: "{\"prompt\": \"a\", \"logprobs\": 99}", words: "logprobs must be"),
        Wrong(path: "/v1/completions", body: "{\"prompt\": \"a\", \"max_tokens\": 0}", words: "max_tokens may be 0"),
        Wrong(
            path: "/v1/completions", body: "{\"prompt\": [\(String(repeating: "5,", count: 200))5]}",
            words: "This model's maximum context length is 128 tokens. However, your prompt resulted in 201 tokens."),
        Wrong(
            path: "/v1/completions", body: "{\"prompt\": \"\(String(repeating: "a", count: 100_000))\"}",
            words: "100000 bytes"),
        Wrong(path: "/v1/completions", body: "{\"prompt\": \"a\"", words: "not valid JSON"),
        Wrong(path: "/v1/completions", body: String(repeating: "[", count: 100_000), words: "not valid JSON"),
        Wrong(path: "/tokenize", body: "{}", words: "content"),
        Wrong(path: "/detokenize", body: "{\"tokens\": [99999999]}", words: "not in the vocabulary"),
        Wrong(path: "/v1/embeddings", body: "{}", status: 404, words: "nothing at /v1/embeddings"),
        Wrong(path: "/health", body: "", status: 405, words: "GET only"),
    ]

    @Test("Each wrong request gets its status and a sentence that says what is wrong")
    func wrongRequests() async throws {
        try await TestServer.run { server in
            for wrong in Self.wrong {
                let reply = try await server.post(wrong.path, wrong.body)
                let message = reply.error["message"] as? String ?? ""
                #expect(reply.status == wrong.status && message.contains(wrong.words), "\(wrong): \(reply.text)")
                #expect(reply.error["type"] is String)
            }
            #expect(server.engine.requests.isEmpty)
        }
    }

    @Test("Bodies and headers have limits")
    func limits() async throws {
        try await TestServer.run {
            $0.maxBody = 1000
            $0.maxHeader = 2000
        } _: { server in
            let long = String(repeating: "a", count: 2000)
            let reply = try await server.post("/v1/completions", "{\"prompt\": \"\(long)\"}")
            #expect(reply.status == 413, "\(reply)")
            let status = try? await server.get("/health", headers: ["X-Long": long + long]).status
            #expect(status == nil || (400..<500).contains(status!))
            #expect(try await server.get("/health").status == 200)
        }
    }

    @Test("With a key, only who knows it is served; without one, what is sent is ignored")
    func keys() async throws {
        try await TestServer.run {
            $0.apiKey = "secret"
        } _: { server in
            #expect(try await server.get("/v1/models").status == 401)
            for field in ["Bearer secre", "Bearer secrets", "Bearer ", "secret", "Basic secret"] {
                let reply = try await server.get("/v1/models", headers: ["Authorization": field])
                #expect(reply.status == 401 && reply.headers["www-authenticate"] == "Bearer", "\(field)")
            }
            #expect(try await server.get("/v1/models", headers: ["authorization": "bearer secret"]).status == 200)
            #expect(try await server.get("/health").status == 200)
        }
        try await TestServer.run { server in
            let reply = try await server.get("/v1/models", headers: ["Authorization": "Bearer any"])
            #expect(reply.status == 200)
        }
    }

    @Test("Keys are compared whole")
    func equality() {
        #expect(AccessRules.areEqual(Array("abc".utf8), Array("abc".utf8)))
        for other in ["", "a", "ab", "abd", "abcd", "abcabc"] {
            #expect(!AccessRules.areEqual(Array(other.utf8), Array("abc".utf8)))
        }
        #expect(!AccessRules.areEqual([], []))
    }

    @Test("Other sites' pages are refused, unless their origin is let in")
    func origins() async throws {
        let foreign = ["Origin": "https://example.org", "Sec-Fetch-Site": "cross-site"]
        try await TestServer.run { server in
            let reply = try await server.get("/v1/models", headers: foreign)
            #expect(reply.status == 403 && reply.headers["access-control-allow-origin"] == nil)
        }
        try await TestServer.run {
            $0.corsOrigins = ["https://example.org"]
        } _: { server in
            let reply = try await server.get("/v1/models", headers: foreign)
            #expect(reply.status == 200 && reply.headers["access-control-allow-origin"] == "https://example.org")
            let asked = try await HTTP.request("OPTIONS", "/v1/models", port: server.port, headers: foreign)
            #expect(asked.status == 204 && asked.headers["access-control-allow-headers"]?.contains("Auth") == true)
        }
    }
}
