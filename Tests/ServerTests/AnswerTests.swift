import TestSupport
import Testing

/// What clients get for what they ask.
@Suite("Answers")
struct AnswerTests {
    private static let chat = #""messages": [{"role": "user", "content": "Hello"}], "max_tokens": 4"#

    @Test("A chat completion has the form that OpenAI's clients read")
    func chat() async throws {
        try await TestServer.run { server in
            let reply = try await server.post("/v1/chat/completions", "{\(Self.chat), \"seed\": -7, \"extra\": {}}")
            #expect(reply.status == 200 && reply.headers["content-type"] == "application/json")
            let object = reply.object
            #expect(object["object"] as? String == "chat.completion" && object["model"] as? String == "tiny")
            let choice = try #require(reply.choices.first)
            #expect(choice["finish_reason"] as? String == "length" && choice["index"] as? Int == 0)
            let message = try #require(choice["message"] as? [String: Any])
            #expect(message["role"] as? String == "assistant")
            #expect(message["content"] as? String == "<259><278><304><259>")
            let usage = try #require(object["usage"] as? [String: Any])
            let request = try #require(server.engine.requests.first)
            #expect(usage["completion_tokens"] as? Int == 4)
            #expect(usage["prompt_tokens"] as? Int == request.promptIDs.count)
            #expect(request.seed == UInt64(bitPattern: -7) && request.parameters.temperature == 1)
        }
    }

    @Test("Parameters are known by the names that other programs give them")
    func names() async throws {
        try await TestServer.run { server in
            for more in [
                #""max_completion_tokens": 2, "repetition_penalty": 1.5"#, #""max_tokens": 2, "repeat_penalty": 1.5"#,
            ] {
                _ = try await server.post(
                    "/v1/completions", "{\"prompt\": [5], \"seed\": 18446744073709551615, \(more)}")
                let request = try #require(server.engine.requests.last)
                #expect(request.maxTokens == 2 && request.parameters.repeatPenalty == 1.5 && request.seed == .max)
            }
        }
    }

    @Test("A stream brings the same text in pieces, then the usage, then its end")
    func stream() async throws {
        try await TestServer.run { server in
            let reply = try await server.post(
                "/v1/chat/completions",
                "{\(Self.chat), \"stream\": true, \"stream_options\": {\"include_usage\": true}, \"n\": 2}")
            #expect(reply.headers["content-type"] == "text/event-stream; charset=utf-8")
            #expect(reply.text.hasSuffix("data: [DONE]\n\n"))
            for index in 0..<2 {
                let mine = reply.choices.filter { $0["index"] as? Int == index }
                let deltas = mine.compactMap { $0["delta"] as? [String: Any] }
                #expect(deltas.first?["role"] as? String == "assistant")
                let text = deltas.compactMap { $0["content"] as? String }.joined()
                #expect(text == server.text(of: [259, 278, 304, 259]))
                #expect(mine.last?["finish_reason"] as? String == "length")
                #expect(mine.count { $0["finish_reason"] is String } == 1)
            }
            let last = try #require(reply.objects.last)
            #expect((last["choices"] as? [Any])?.isEmpty == true)
            #expect((last["usage"] as? [String: Any])?["completion_tokens"] as? Int == 8)
            #expect(server.engine.requests.map(\.choice) == [0, 1])
        }
    }

    @Test("A generation that fails ends its own request, with status 500, or with an event where it streams")
    func failure() async throws {
        try await TestServer.run { server in
            server.engine.fail(atSeed: 13)
            let reply = try await server.post("/v1/chat/completions", "{\(Self.chat), \"seed\": 13}")
            let error = try #require(reply.object["error"] as? [String: Any])
            #expect(reply.status == 500 && error["code"] as? String == "generation_failed")
            #expect(error["message"] as? String == "no token can be chosen")
            let stream = try await server.post("/v1/chat/completions", "{\(Self.chat), \"seed\": 13, \"stream\": true}")
            #expect(stream.status == 200 && stream.text.contains("generation_failed"))
            let other = try await server.post("/v1/chat/completions", "{\(Self.chat), \"seed\": 12}")
            #expect(other.status == 200 && server.engine.mailbox.openCount == 0)
        }
    }

    @Test("Log-probabilities: one entry for each sampled token")
    func logprobs() async throws {
        try await TestServer.run { server in
            for stream in [false, true] {
                let reply = try await server.post(
                    "/v1/chat/completions",
                    "{\(Self.chat), \"logprobs\": true, \"top_logprobs\": 2, \"stream\": \(stream)}")
                let entries = reply.choices.flatMap { choice in
                    (choice["logprobs"] as? [String: Any])?["content"] as? [[String: Any]] ?? []
                }
                #expect(entries.count == 4, "\(reply.text)")
                #expect(entries.allSatisfy { ($0["top_logprobs"] as? [Any])?.count == 2 })
                #expect(entries.first?["logprob"] as? Double == -0.5)
                #expect((entries.first?["bytes"] as? [Int])?.isEmpty == false)
            }
        }
    }

    @Test("Text completions: texts and token ids, one or many, choices numbered through")
    func prompts() async throws {
        try await TestServer.run { server in
            let forms: [(prompt: String, count: Int)] = [
                ("\"Once upon\"", 1), ("[\"One\", \"Two\", \"Three\"]", 3), ("[5, 6, 7]", 1), ("[[5, 6], [7]]", 2),
            ]
            for form in forms {
                let reply = try await server.post(
                    "/v1/completions", "{\"prompt\": \(form.prompt), \"max_tokens\": 2, \"n\": 2}")
                #expect(reply.choices.map { $0["index"] as? Int } == Array(0..<2 * form.count).map { $0 })
                #expect(reply.object["object"] as? String == "text_completion")
            }
            #expect(server.engine.requests.suffix(2).map(\.promptIDs) == [[7], [7]])
        }
    }

    @Test("An echo begins with the prompt, and tells how likely it was where asked", arguments: [false, true])
    func echo(stream: Bool) async throws {
        try await TestServer.run { server in
            let reply = try await server.post(
                "/v1/completions",
                "{\"prompt\": [5, 6, 7], \"max_tokens\": 0, \"echo\": true, \"logprobs\": 1, \"stream\": \(stream)}")
            let text = reply.choices.compactMap { $0["text"] as? String }.joined()
            #expect(text == server.text(of: [5, 6, 7]))
            let logprobs = try #require(reply.choices.compactMap { $0["logprobs"] as? [String: Any] }.first)
            let values = try #require(logprobs["token_logprobs"] as? [Any])
            #expect(values.count == 3 && !(values[0] is Double) && values[1] as? Double == -0.5)
            let plain = try await server.post(
                "/v1/completions", "{\"prompt\": [5, 6], \"max_tokens\": 1, \"echo\": true}")
            #expect((plain.choices.first?["text"] as? String)?.hasPrefix(server.text(of: [5, 6])) == true)
        }
    }

    @Test("Tokens and back, models, properties, status and metrics")
    func others() async throws {
        try await TestServer.run { server in
            let tokens = try await server.post("/tokenize", "{\"content\": \"Once upon a time\"}")
            let ids = try #require(tokens.object["tokens"] as? [Int])
            let text = try await server.post("/detokenize", "{\"tokens\": \(ids)}")
            #expect(text.object["content"] as? String == "Once upon a time")
            let models = try await server.get("/v1/models")
            #expect((models.object["data"] as? [[String: Any]])?.first?["id"] as? String == "tiny")
            let properties = try await server.get("/props")
            #expect(properties.object["layer_count"] as? Int == 3 && properties.object["ranks"] as? Int == 2)
            _ = try await server.post("/v1/completions", "{\"prompt\": [5], \"max_tokens\": 3}")
            let metrics = try await server.get("/metrics")
            #expect(metrics.text.contains("stagecoach_generated_tokens_total 3\n"))
            #expect(metrics.text.contains("stagecoach_inter_token_seconds_count 2\n"))
            #expect(metrics.text.contains("stagecoach_time_to_first_token_seconds_bucket{le=\"+Inf\"} 1\n"))
            let status = try await server.get("/status")
            #expect(status.object["generated_tokens"] as? Int == 3)
            let page = try await server.get("/")
            #expect(page.text.contains("<title>Stagecoach</title>") && !page.text.contains("/* script */"))
        }
    }
}
