import Foundation
import Glibc
import TestSupport
import Testing

/// `generate --prompts`: many requests in one job, each as if it were alone.
@Suite("Batch jobs")
struct BatchTests {
    private static let tiny = ["generate", "--model", TinyReference.modelPath, "--threads", "1", "--context", "128"]

    @Test("Each line's result is that of a run of its own", arguments: [nil, 2])
    func sameAsAlone(ranks: Int?) async throws {
        let folder = try BatchFolder()
        // The flags that ask for the same as each line.
        let requests: [(line: String, flags: [String])] = [
            (#"{"prompt_ids": [1, 5, 9], "unknown": {"a": [1]}}"#, ["--prompt-ids", "1,5,9"]),
            (
                #"{"id": "warm", "prompt": "Once upon", "raw": true, "temperature": 0.8, "seed": 7}"#,
                ["--raw", "--prompt", "Once upon", "--temperature", "0.8", "--seed", "7"]
            ),
            (
                #"{"prompt": "Öl und\nWasser", "raw": true, "max_tokens": 30, "repeat_penalty": 1.2, "stop": "e"}"#,
                ["--raw", "--prompt", "Öl und\nWasser", "--max-tokens", "30", "--repeat-penalty", "1.2", "--stop", "e"]
            ),
            (
                #"{"id": 17, "prompt_ids": [4], "top_k": 5, "top_p": 0.9, "min_p": 0.01, "temperature": 1.5}"#,
                ["--prompt-ids", "4", "--top-k", "5", "--top-p", "0.9", "--min-p", "0.01", "--temperature", "1.5"]
            ),
            (#"{"prompt_ids": [8, 8], "ignore_eos": true, "stop": null}"#, ["--prompt-ids", "8,8", "--ignore-eos"]),
        ]
        let prompts = try folder.write("prompts.jsonl", requests.map(\.line).joined(separator: "\n\n") + "\n")
        let common = ["--max-tokens", "12", "--seed", "3"]
        let result = try await Stagecoach.run(
            Self.tiny + common + ["--prompts", prompts, "--max-sequences", "3", "--json"], ranks: ranks)
        #expect(result.succeeded, "\(result)")
        #expect(result.errors.contains("5 requests, 3 at once"), "\(result)")
        let lines = try BatchLines(result.output)
        // Blank lines count, so that the number is the one that an editor shows.
        let ids = ["1", "warm", "5", "17", "9"]
        #expect(Set(lines.byID.keys) == Set(ids))
        for (id, request) in zip(ids, requests) {
            let found = try #require(lines.byID[id])
            let alone = try await Stagecoach.generate(
                common + ["--threads", "1", "--context", "128"] + request.flags, model: TinyReference.modelPath)
            #expect(found.ids == alone.ids && found.text == alone.text, "\(request.line)")
            #expect(found.logitsHash == alone.logitsHash && found.promptIds == alone.promptIDs, "\(request.line)")
            #expect(found.stopReason == alone.stopReason && found.promptTokens == alone.promptIDs.count)
        }
    }

    @Test("A line that cannot be taken gives an error in its place, and the job goes on", arguments: [nil, 2])
    func errors(ranks: Int?) async throws {
        let bad: [(line: String, words: String)] = [
            ("no JSON", "not valid JSON"),
            (#"{"prompt_ids": [1]"#, "not valid JSON"),
            ("[1, 2]", "JSON object"),
            (#"{"id": "none"}"#, "exactly one"),
            (#"{"id": "two", "prompt": "a", "prompt_ids": [1]}"#, "exactly one"),
            (#"{"id": 1.5, "prompt_ids": [1]}"#, "id must be"),
            (#"{"id": "t", "prompt_ids": [1], "temperature": "hot"}"#, "temperature must be a number"),
            (#"{"id": "cold", "prompt_ids": [1], "temperature": -1}"#, "temperature -1"),
            (#"{"id": "zero", "prompt_ids": [1], "max_tokens": 0}"#, "at least one token"),
            (#"{"id": "seed", "prompt_ids": [1], "seed": -2}"#, "seed must be"),
            (#"{"id": "stop", "prompt_ids": [1], "stop": [""]}"#, "stop string"),
            (#"{"id": "vocab", "prompt_ids": [1, 512]}"#, "512"),
            (#"{"id": "empty", "prompt_ids": []}"#, "no tokens"),
            (#"{"id": "long", "prompt_ids": [\#(Array(repeating: Int32(1), count: 200).list)]}"#, "200"),
            (#"{"id": "chat", "prompt": "Hello"}"#, "chat template"),
            (#"{"id": "role", "messages": [{"role": "king", "content": "x"}, 4]}"#, "a message must be an object"),
            (#"{"id": "form", "prompt_ids": [1], "grammar": "root ::= [a-z]+"}"#, "'grammar' is not supported"),
            (#"{"id": "good", "prompt_ids": [2]}"#, "same id"),
        ]
        let good = [#"{"id": "good", "prompt_ids": [1]}"#, #"{"id": "last", "prompt_ids": [3]}"#]
        let input = ([good[0]] + bad.map(\.line) + [good[1]]).joined(separator: "\n")
        let result = try await Stagecoach.run(
            Self.tiny + ["--max-tokens", "3", "--prompts", "-"], ranks: ranks, input: input)
        #expect(result.exitStatus == 65, "\(result)")
        #expect(result.errors.contains("\(bad.count) lines could not be taken"), "\(result)")
        let lines = try BatchLines(result.output)
        #expect(lines.all.count == bad.count + 2, "\(result)")
        #expect(lines.all.filter { $0.error == nil }.map(\.id).sorted() == ["good", "last"])
        for (index, (line, words)) in bad.enumerated() {
            let found = lines.all.first { $0.line == index + 2 }
            #expect(found?.error?.contains(words) == true, "\(line): \(found?.error ?? "no error")")
        }
        #expect(lines.all.first { $0.line == 9 }?.id == "cold")
    }

    @Test("Killed in the middle and started again: every result once", arguments: [nil, 2])
    func resume(ranks: Int?) async throws {
        let folder = try BatchFolder()
        let all = (1...9).map { #"{"prompt_ids": [\#($0), 5], "max_tokens": 20}"# }
        let prompts = try folder.write("prompts.jsonl", (all + ["nonsense"]).joined(separator: "\n"))
        let output = folder.path("results.jsonl")
        let job = Self.tiny + ["--max-sequences", "2", "--output", output, "--prompts"]

        // A job whose input comes to no end is killed when it has done something.
        let lines = try folder.write("first.jsonl", all[..<4].joined(separator: "\n") + "\n")
        let endless = "(cat \(lines); exec sleep 600) | \(Self.command(job + ["-"], ranks: ranks))"
        _ = try await Launcher.run("sh", ["-c", endless], environment: Self.asRoot) { running in
            while BatchLines.count(inFile: output) < 2 { try await Task.sleep(for: .milliseconds(20)) }
            for process in running.family { kill(process, SIGKILL) }
        }
        let before = BatchLines.count(inFile: output)
        #expect((2...4).contains(before))
        try folder.append(output, #"{"id":9,"ids":[1,2"#)

        for run in 1...2 {
            let result = try await Stagecoach.run(job + [prompts], ranks: ranks)
            #expect(result.exitStatus == 65, "\(result)")
            #expect(result.output.isEmpty)
            #expect(result.errors.contains("\(run == 1 ? before : 9) finished before"), "\(result)")
            let found = try BatchLines(String(contentsOfFile: output, encoding: .utf8))
            #expect(found.all.map(\.id).sorted() == ["1", "10", "2", "3", "4", "5", "6", "7", "8", "9"])
            #expect(found.byID["10"]?.error != nil)
        }
        let found = try BatchLines(String(contentsOfFile: output, encoding: .utf8))
        for id in [1, 9] {
            let alone = try await Stagecoach.generate(
                ["--threads", "1", "--context", "128", "--prompt-ids", "\(id),5", "--max-tokens", "20"],
                model: TinyReference.modelPath)
            #expect(found.byID["\(id)"]?.ids == alone.ids)
        }
    }

    @Test("A line that comes late waits for none, and holds none up", arguments: [nil, 2])
    func slowInput(ranks: Int?) async throws {
        let folder = try BatchFolder()
        let output = folder.path("results.jsonl")
        let job = Self.command(Self.tiny + ["--max-tokens", "4", "--output", output, "--prompts", "-"], ranks: ranks)
        // Each line is written when the result of the one before is there.
        let script = """
            for id in 1 2 3; do
              echo "{\\"prompt_ids\\": [$id]}"
              until [ "$(grep -c . \(output) 2>/dev/null)" = "$id" ]; do sleep 0.02; done
            done | \(job)
            """
        let result = try await Launcher.run("sh", ["-c", script], environment: Self.asRoot)
        #expect(result.succeeded, "\(result)")
        #expect(try BatchLines(String(contentsOfFile: output, encoding: .utf8)).all.map(\.id) == ["1", "2", "3"])
    }

    @Test("Files that cannot be meant are refused and left alone")
    func wrongFiles() async throws {
        let folder = try BatchFolder()
        let prompts = try folder.write("prompts.jsonl", #"{"prompt_ids": [1]}"#)
        let notes = try folder.write("notes.txt", "Buy milk")
        let table = try folder.write("table.jsonl", "{\"a\": 1}\n")
        for (flags, status, words) in [
            (["--prompts", prompts, "--output", prompts], 64, "same file"),
            (["--prompts", prompts, "--output", notes], 65, "no result"),
            (["--prompts", prompts, "--output", table], 65, "no result"),
            (["--prompts", prompts, "--output", TestFiles.absent("x")], 65, TestFiles.absent("x")),
            (["--prompts", TestFiles.absent("x")], 65, TestFiles.absent("x")),
            (["--prompts", "/"], 65, "cannot read /"),
            (["--prompts", prompts, "--output", "/dev/full"], 65, "/dev/full"),
            (["--prompts", prompts, "--prompt", "x"], 64, "exactly one"),
            (["--prompt-ids", "1", "--output", notes], 64, "--prompts"),
            (["--prompts", prompts, "--max-sequences", "0"], 64, "--max-sequences"),
            (["--prompts", prompts, "--kv-memory", "lots"], 64, "--kv-memory"),
            (["--prompts", prompts, "--kv-memory", "1K"], 64, "--kv-memory"),
        ] as [([String], Int, String)] {
            let result = try await Stagecoach.run(Self.tiny + flags, timeout: .seconds(20))
            #expect(result.exitStatus == status, "\(result)")
            #expect(result.errors.contains(words), "\(result)")
        }
        #expect(try String(contentsOfFile: notes, encoding: .utf8) == "Buy milk")
        #expect(try String(contentsOfFile: table, encoding: .utf8) == "{\"a\": 1}\n")
        #expect(try String(contentsOfFile: prompts, encoding: .utf8) == #"{"prompt_ids": [1]}"#)
    }

    /// Ranks print into a pipe, and mpirun ends with 0 whatever becomes of it.
    @Test("Results that are lost are no success", arguments: [nil, 2])
    func lostOutput(ranks: Int?) async throws {
        let folder = try BatchFolder()
        let prompts = try folder.write("prompts.jsonl", "{\"prompt_ids\": [1]}\n{\"prompt_ids\": [2]}\n")
        let job = Self.command(Self.tiny + ["--max-tokens", "2", "--prompts", prompts], ranks: ranks)
        let lost = try await Launcher.run("sh", ["-c", "\(job) >/dev/full"], environment: Self.asRoot)
        #expect(lost.exitStatus == 70 && lost.errors.contains("standard output"), "\(lost)")
        let output = folder.path("results.jsonl")
        for redirection in [">", ">>"] {
            let kept = try await Launcher.run("sh", ["-c", "\(job) \(redirection)\(output)"], environment: Self.asRoot)
            #expect(kept.succeeded, "\(kept)")
        }
        #expect(BatchLines.count(inFile: output) == 4)
    }

    @Test("Prompts and conversations are dressed as in a run of their own", .enabled(if: TestFiles.smolLM2 != nil))
    func chatTemplate() async throws {
        let model = try #require(TestFiles.smolLM2)
        let input = """
            {"prompt": "Name a colour."}
            {"prompt": "Name a colour.", "system": "Be brief."}
            {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Name a colour."}]}
            {"prompt": "Name a colour.", "raw": true}
            """
        let flags = ["--max-tokens", "4", "--system", "Be kind.", "--kv-memory", "128M", "--microbatches", "2"]
        let result = try await Stagecoach.run(
            ["generate", "--model", model, "--prompts", "-", "--json"] + flags, input: input)
        #expect(result.succeeded, "\(result)")
        let lines = try BatchLines(result.output)
        for (id, own) in [
            "1": ["--system", "Be kind."], "2": ["--system", "Be brief."], "3": ["--system", "Be brief."],
            "4": ["--raw"],
        ] {
            let alone = try await Stagecoach.generate(
                ["--max-tokens", "4", "--prompt", "Name a colour."] + own, model: model)
            #expect(lines.byID[id]?.promptIds == alone.promptIDs && lines.byID[id]?.logitsHash == alone.logitsHash)
        }
    }

    private static let asRoot: [String: String?] = [
        "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    ]

    /// A command line of the shell.
    private static func command(_ arguments: [String], ranks: Int?) -> String {
        let launch = ranks.map {
            "mpirun -q -np \($0) --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 "
        }
        return (launch ?? "") + ([Stagecoach.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    }
}
