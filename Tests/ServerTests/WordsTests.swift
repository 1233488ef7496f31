import TestSupport
import Testing

/// What clients are told, in words that their programs know.
@Suite("Words for clients")
struct WordsTests {
    private static let message = #""messages": [{"role": "user", "content": "Hello"}]"#

    @Test("A prompt beyond the context is told in OpenAI's words, by which litellm and aider choose what to do")
    func tooLong() async throws {
        try await TestServer.run { server in
            let long = String(repeating: "word ", count: 200)
            let chat = try await server.post(
                "/v1/chat/completions", "{\"messages\": [{\"role\": \"user\", \"content\": \"\(long)\"}]}")
            let text = try await server.post("/v1/completions", "{\"prompt\": \"\(long)\"}")
            let bytes = try await server.post(
                "/v1/completions", "{\"prompt\": \"\(String(repeating: "a", count: 100_000))\"}")
            for (reply, param) in [(chat, "messages"), (text, "prompt"), (bytes, "prompt")] {
                let message = reply.error["message"] as? String ?? ""
                #expect(reply.status == 400 && reply.error["code"] as? String == "context_length_exceeded")
                #expect(reply.error["type"] as? String == "invalid_request_error")
                #expect(reply.error["param"] as? String == param)
                #expect(message.hasPrefix("This model's maximum context length is 128 tokens. However, your \(param) "))
                #expect(message.hasSuffix("Please reduce the length of the \(param)."))
                #expect(!message.contains("--"), "a client has no flags: \(message)")
            }
        }
    }

    @Test("A seed of -1 draws one, which the response tells; as many tokens as there is room for are -1")
    func drawn() async throws {
        try await TestServer.run { server in
            for _ in 0..<4 {
                let reply = try await server.post(
                    "/v1/chat/completions", "{\(Self.message), \"seed\": -1, \"max_tokens\": -1}")
                let request = try #require(server.engine.requests.last)
                #expect(reply.status == 200 && reply.object["seed"] as? UInt64 == request.seed)
                #expect(request.maxTokens == 129 - request.promptIDs.count)
            }
            #expect(Set(server.engine.requests.map(\.seed)).count > 1)
        }
    }

    @Test("What is wrong with a body's JSON is told with its place")
    func places() async throws {
        try await TestServer.run { server in
            let reply = try await server.post("/v1/chat/completions", "{\(Self.message),\n \"max_tokens\": 5,}")
            #expect(reply.status == 400 && reply.error["code"] as? String == "invalid_json")
            #expect(
                (reply.error["message"] as? String)?.contains("a member's name is missing at line 2, column 18 ")
                    == true,
                "\(reply.text)")
        }
    }

    @Test("What would change an answer and is not built is refused by its name, in chats and texts")
    func unsupported() async throws {
        try await TestServer.run { server in
            let both = [
                (#""response_format": {"type": "json_object"}"#, "response_format"),
                (#""tool_choice": "required", "tools": [{"type": "function"}]"#, "tool"),
                (#""grammar": "x""#, "grammar"),
                (#""suffix": "b""#, "suffix"), (#""best_of": 2"#, "best_of"), (#""min_tokens": 2"#, "min_tokens"),
                (#""options": {"num_ctx": 5}"#, "options"), (#""think": true"#, "think"),
                (#""temperature": -1"#, "temperature"), (#""rep_pen": 0"#, "rep_pen"), (#""n_cmpl": 0"#, "n_cmpl"),
                (#""n_predict": -2"#, "n_predict"),
            ]
            let chats = [(#""echo": true"#, "echo"), (#""prompt": "a""#, "prompt"), (#""system": "a""#, "system")]
            let texts = [(Self.message, "messages"), (#""tools": [{}]"#, "tools")]
            for (path, prompt, cases) in [
                ("/v1/chat/completions", Self.message, both + chats),
                ("/v1/completions", #""prompt": "a""#, both + texts),
            ] {
                for (field, name) in cases {
                    let reply = try await server.post(path, "{\(prompt), \(field)}")
                    let param = reply.error["param"] as? String
                    #expect(reply.status == 400 && param?.hasPrefix(name) == true, "\(path) \(field): \(reply.text)")
                }
            }
            #expect(server.engine.requests.isEmpty)
            let neutral = #""response_format": {"type": "text"}, "suffix": "", "best_of": 1, "tool_choice": "auto""#
            let harmless = #""user": "me", "metadata": {}, "store": true, "service_tier": "auto", "extra": 1"#
            for (path, prompt) in [("chat/completions", Self.message), ("completions", #""prompt": "a""#)] {
                let reply = try await server.post(
                    "/v1/\(path)", "{\(prompt), \(neutral), \(harmless), \"max_tokens\": 1}")
                #expect(reply.status == 200, "\(reply.text)")
            }
        }
    }

    @Test("An answer whose beginning is given goes on from there")
    func prefill() async throws {
        try await TestServer.run { server in
            let messages =
                #"[{"role": "user", "content": "Name a colour."}, {"role": "assistant", "content": "It is bl"}]"#
            let reply = try await server.post(
                "/v1/chat/completions",
                "{\"messages\": \(messages), \"continue_final_message\": true, \"max_tokens\": 2}")
            #expect(reply.status == 200, "\(reply.text)")
            let prompt = try server.text(of: #require(server.engine.requests.last).promptIDs)
            // Tokens by themselves, which begin without their spaces.
            #expect(prompt.filter { $0 != " " }.hasSuffix("[/INST]Itisbl"), "\(prompt)")
        }
    }

    @Test("Fields that nothing knows are left alone, and the client is told of them")
    func unknown() async throws {
        try await TestServer.run { server in
            for stream in [false, true] {
                let reply = try await server.post(
                    "/v1/chat/completions",
                    "{\(Self.message), \"max_tokens\": 1, \"temprature\": 0, \"a\\r\\nb\": 1, \"user\": \"me\", \"extra\": {}, "
                        + "\"dry_base\": 1, \"stream\": \(stream)}")
                #expect(reply.status == 200 && reply.headers["x-unknown-fields"] == "temprature, extra", "\(reply)")
            }
            let known = try await server.post("/v1/completions", #"{"prompt": "a", "max_tokens": 1, "mirostat": 0}"#)
            #expect(known.status == 200 && known.headers["x-unknown-fields"] == nil)
        }
    }

    @Test("A template's refusal names the message, and nothing that a client cannot do")
    func template() async throws {
        try await TestServer.run { server in
            let reply = try await server.post(
                "/v1/chat/completions",
                #"{"messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}]}"#)
            let message = reply.error["message"] as? String ?? ""
            #expect(reply.status == 422 && reply.error["param"] as? String == "messages[1]")
            #expect(message.contains("refuses messages[1] (role 'user')") && !message.contains("--"), "\(message)")
        }
    }
}
