import Foundation
import Glibc
import ReportSchemas
import TestSupport
import Testing

/// `serve` as people run it: the real model over two ranks, over HTTP.
@Suite("The service", .enabled(if: TestFiles.smolLM2 != nil, "scripts/fetch-model has not run"))
struct ServiceTests {
    private static var arguments: [String] {
        ["serve", "--model", TestFiles.smolLM2 ?? "", "--threads", "1", "--port", "0", "--max-sequences", "8"]
    }

    /// Runs the service under `scripts/launch`, and `body` with its port.
    private func launch(_ body: @escaping @Sendable (RunningCommand, Int) async throws -> Void) async throws
        -> CommandResult
    {
        try await Launcher.run(
            TestFiles.packageRoot.appendingPathComponent("scripts/launch").path,
            ["--program", Stagecoach.path, "--np", "2", "--"] + Self.arguments
        ) { try await body($0, try await Self.port(of: $0)) }
    }

    private static func port(of command: RunningCommand) async throws -> Int {
        try await command.wait(forError: "listening on http://127.0.0.1:")
        let rest = command.errors.components(separatedBy: "listening on http://127.0.0.1:")[1]
        return try #require(Int(rest.prefix { $0.isNumber }))
    }

    private static func ask(_ question: String, seed: Int, stream: Bool = false, maxTokens: Int = 24) -> String {
        """
        {"messages": [{"role": "user", "content": "\(question)"}], "seed": \(seed), "temperature": 0.8, \
        "max_tokens": \(maxTokens), "stream": \(stream), "ignore_eos": true}
        """
    }

    private static func text(_ reply: HTTPReply) -> String {
        let choices = reply.objects.flatMap { $0["choices"] as? [[String: Any]] ?? [] }
        return choices.compactMap { choice in
            ((choice["message"] ?? choice["delta"]) as? [String: Any])?["content"] as? String
        }.joined()
    }

    @Test("One seed, one answer: idle, loaded, streamed, and as generate gives it")
    func sameAnswers() async throws {
        let question = "Why is the sky blue?"
        let expected = try await Stagecoach.generate(
            ["--prompt", question, "--seed", "7", "--temperature", "0.8", "--max-tokens", "24", "--ignore-eos"],
            model: try #require(TestFiles.smolLM2))
        let result = try await launch { command, port in
            let path = "/v1/chat/completions"
            let idle = try await HTTP.post(path, Self.ask(question, seed: 7), port: port)
            #expect(Self.text(idle) == expected.text, "\(idle)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<10 {
                    group.addTask {
                        let other = Self.ask("Tell me about the number \(index)", seed: index, stream: index % 2 == 0)
                        let reply = try await HTTP.post(path, other, port: port)
                        #expect(reply.status == 200)
                    }
                }
                for stream in [false, true] {
                    group.addTask {
                        let loaded = try await HTTP.post(path, Self.ask(question, seed: 7, stream: stream), port: port)
                        #expect(Self.text(loaded) == expected.text, "\(loaded)")
                    }
                }
                try await group.waitForAll()
            }
            command.send(SIGTERM)
        }
        #expect(result.succeeded, "\(result)")
        #expect(result.errors.contains("POST /v1/chat/completions 200 prompt="), "\(result)")
        #expect(!result.errors.contains("sky"), "prompts do not belong into the log")
    }

    @Test("A client that goes leaves nothing behind; one that stays gets its answer before the service ends")
    func departureAndEnd() async throws {
        let result = try await launch { command, port in
            var gone: HTTPConnection? = try await Self.begin(port, tokens: 4000)
            _ = try await HTTPConnection.onThread { [gone] in gone!.readSome() }
            gone = nil
            while true {
                let metrics = try await HTTP.request("GET", "/metrics", port: port).text
                if metrics.contains("kv_blocks_used 0\n"), metrics.contains("cancelled_answers_total 1\n") { break }
                try await Task.sleep(for: .milliseconds(20))
            }
            let staying = try await Self.begin(port, tokens: 60)
            _ = try await HTTPConnection.onThread { staying.readSome() }
            command.send(SIGTERM)
            let rest = try await HTTPConnection.onThread {
                var bytes: [UInt8] = []
                while let some = staying.readSome() { bytes += some }
                return String(decoding: bytes, as: UTF8.self)
            }
            #expect(rest.contains("\"finish_reason\":\"length\"") && rest.contains("data: [DONE]"), "\(rest)")
        }
        #expect(result.succeeded, "\(result)")
    }

    /// With two owners of the signals the second one sometimes ended the process.
    @Test("With --trace a second signal cancels the answers too, and the trace is whole")
    func signalsBesideATrace() async throws {
        for _ in 0..<8 {
            try await TraceTests.withFile { path in
                let result = try await Launcher.run(Stagecoach.path, Self.arguments + ["--trace", path]) { command in
                    let stream = try await Self.begin(try await Self.port(of: command), tokens: 4000)
                    _ = try await HTTPConnection.onThread { stream.readSome() }
                    command.send(SIGTERM)
                    command.send(SIGINT)
                    let rest = try await HTTPConnection.onThread {
                        var bytes: [UInt8] = []
                        while let some = stream.readSome() { bytes += some }
                        return String(decoding: bytes, as: UTF8.self)
                    }
                    #expect(rest.contains("\"code\":\"shutting_down\""), "\(rest)")
                }
                #expect(result.succeeded, "\(result)")
                let trace = try JSONDecoder.read(TraceReport.self, from: path)
                #expect(trace.metadata.complete)
            }
        }
    }

    @Test(
        "mpirun passes SIGUSR1 on; told to end itself, it still leaves clients a last word", arguments: [false, true])
    func signalsToMPIRun(gently: Bool) async throws {
        let result = try await Launcher.mpirun(ranks: 2, Stagecoach.path, Self.arguments) { command in
            let port = try await Self.port(of: command)
            let stream = try await Self.begin(port, tokens: gently ? 40 : 4000)
            _ = try await HTTPConnection.onThread { stream.readSome() }
            command.send(gently ? SIGUSR1 : SIGTERM)
            let rest = try await HTTPConnection.onThread {
                var bytes: [UInt8] = []
                while let some = stream.readSome() { bytes += some }
                return String(decoding: bytes, as: UTF8.self)
            }
            #expect(rest.contains(gently ? "data: [DONE]" : "\"code\":\"shutting_down\""), "\(rest)")
        }
        #expect(result.end != .timedOut && (!gently || result.succeeded), "\(result)")
    }

    /// Opens a connection and begins a long stream on it.
    private static func begin(_ port: Int, tokens: Int) async throws -> HTTPConnection {
        try await HTTPConnection.onThread {
            let connection = try HTTPConnection(port: port)
            let body = ask("Count", seed: 1, stream: true, maxTokens: tokens)
            connection.send("POST", "/v1/chat/completions", headers: ["Connection": "close"], body: Array(body.utf8))
            return connection
        }
    }
}

/// Command lines that cannot be.
@Suite("Serving refused")
struct ServiceRefusalTests {
    @Test(
        arguments: [
            (["--host", "0.0.0.0"], 64, "--api-key-file"), (["--port", "70000"], 64, "--port"),
            (["--tls-certificate", "x.pem"], 64, "go together"),
            (["--api-key-file", TestFiles.absent("x")], 65, TestFiles.absent("x")),
            (
                ["--tls-certificate", TestFiles.absent("x.pem"), "--tls-key", TestFiles.absent("x.key")], 65,
                TestFiles.absent("x.pem")
            ),
            (["--host", "192.0.2.1", "--insecure"], 70, "cannot listen on 192.0.2.1"),
            (["--log-level", "loud"], 64, "loud"), (["--max-sequences", "0"], 64, "--max-sequences"),
        ] as [([String], Int, String)])
    func oneSentence(flags: [String], status: Int, words: String) async throws {
        let result = try await Stagecoach.run(["serve", "--model", TinyReference.modelPath, "--threads", "1"] + flags)
        #expect(result.exitStatus == status && result.errors.contains(words), "\(result)")
    }

    @Test("A port that is taken is told before the model is looked for, once", arguments: [nil, 2])
    func takenPort(ranks: Int?) async throws {
        let taken = TakenPort()
        let result = try await Stagecoach.run(
            ["serve", "--model", TestFiles.absent("m.gguf"), "--port", "\(taken.number)"], ranks: ranks)
        let sentence = "cannot listen on 127.0.0.1:\(taken.number): another program listens there"
        #expect(result.exitStatus == 70 && result.errors.components(separatedBy: sentence).count == 2, "\(result)")
        #expect(!result.errors.contains("errno") && !result.errors.contains("m.gguf"), "\(result)")
    }
}
