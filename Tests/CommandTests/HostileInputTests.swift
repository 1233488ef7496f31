import Foundation
import TestSupport
import Testing

/// Whatever is wrong gets one clear message and an exit status, alone and under mpirun.
@Suite("Hostile input")
struct HostileInputTests {
    @Test("Broken model files: exit 65, each with a message of its own")
    func brokenFiles() async throws {
        let models = try BrokenModels()
        let cases: [(path: String, words: [String])] = [
            (try models.truncated(), ["truncated"]),
            (try models.wrongMagic(), ["GGUF"]),
            (try models.hugeTensorCount(), ["tensor"]),
            (try models.hugeString(), []),
            (try models.tensorOutside(), ["output_norm.weight"]),
            (try models.wrongShape(), ["output_norm.weight"]),
            (try models.unknownQuantization(), ["blk.0.attn_q.weight", "999"]),
            (try models.unknownArchitecture(), ["mamba"]),
            (try models.missingTokenizer(), ["tokenizer"]),
            (TestFiles.absent("model.gguf"), [TestFiles.absent("model.gguf")]),
            ("/", ["/"]),
        ]
        var messages: Set<String> = []
        for (path, words) in cases {
            let result = try await Stagecoach.run(["generate", "--model", path, "--raw", "--prompt", "Hello"])
            expectOneMessage(result, status: 65, words: words)
            messages.insert(result.errors.replacingOccurrences(of: path, with: ""))
        }
        #expect(messages.count == cases.count)
    }

    @Test("The same under mpirun: one message and the status")
    func brokenFilesUnderMPI() async throws {
        let models = try BrokenModels()
        for path in [try models.truncated(), try models.wrongMagic(), TestFiles.absent("model.gguf")] {
            let result = try await Stagecoach.run(
                ["generate", "--model", path, "--raw", "--prompt", "Hello"], ranks: 3)
            expectOneMessage(result, status: 65, words: [])
        }
    }

    @Test("Layouts that cannot be: exit 64")
    func impossibleLayouts() async throws {
        let tiny = ["generate", "--model", TinyReference.modelPath, "--prompt-ids", "1,2,3", "--max-tokens", "1"]
        for (flags, ranks, words) in [
            (["--partition", "1,1"], 2, ["3"]),
            (["--partition", "1,1,1"], 2, ["2"]),
            (["--partition", "3,0"], 2, []),
            (["--partition", "one,two"], 2, []),
            ([], 5, ["3"]),
        ] {
            let result = try await Stagecoach.run(tiny + flags, ranks: ranks)
            expectOneMessage(result, status: 64, words: words)
        }
    }

    @Test("Wrong flags: exit 64, said once under mpirun too", arguments: [nil, 3])
    func wrongFlags(ranks: Int?) async throws {
        for arguments in [
            ["generate", "--model", TinyReference.modelPath],
            ["generate", "--model", TinyReference.modelPath, "--prompt", "x", "--kv-type", "q3"],
            ["generate", "--model", TinyReference.modelPath, "--prompt", "x", "--temperature", "-1"],
            ["generate", "--nonsense"],
            ["generate", "--model", TinyReference.modelPath, "--prompt-ids", "1,two"],
            ["generate", "--model", TinyReference.modelPath, "--prompt-ids", "1", "--context", "100000"],
        ] {
            let result = try await Stagecoach.run(arguments, ranks: ranks)
            #expect(result.exitStatus == 64, "\(result)")
            #expect(result.output.isEmpty, "\(result)")
            #expect(result.errors.count(of: "Error:") + result.errors.count(of: "stagecoach:") == 1, "\(result)")
        }
    }

    @Test("Prompts that cannot be taken: exit 65", arguments: [nil, 2])
    func prompts(ranks: Int?) async throws {
        let base = ["generate", "--model", TinyReference.modelPath]
        let badFile = NSTemporaryDirectory() + "stagecoach-latin1-\(UUID().uuidString)"
        try Data([0x5A, 0xFC, 0x72, 0x69]).write(to: URL(fileURLWithPath: badFile))
        defer { try? FileManager.default.removeItem(atPath: badFile) }
        for (arguments, words) in [
            (["--prompt-ids", Array(repeating: Int32(1), count: 100).list, "--context", "64"], ["100", "64"]),
            (["--raw", "--prompt-file", badFile], ["UTF-8"]),
            (["--prompt-ids", "511,512"], ["512"]),
            (["--prompt", "Hello"], ["--raw"]),
        ] {
            let result = try await Stagecoach.run(base + arguments, ranks: ranks)
            expectOneMessage(result, status: 65, words: words)
        }
    }

    @Test("Numbers as large as they come: no trap")
    func hugeNumbers() async throws {
        let huge = "9223372036854775807"
        let tiny = ["--model", TinyReference.modelPath]
        let generated = try await Stagecoach.run(
            ["generate", "--prompt-ids", "1", "--context", "8", "--max-tokens", huge] + tiny)
        #expect(generated.succeeded, "\(generated)")
        let measured = try await Stagecoach.run(["bench", "--prompt-tokens", huge] + tiny)
        expectOneMessage(measured, status: 64, words: ["--context"])
    }

    @Test("A prompt may come through a pipe")
    func promptFromPipe() async throws {
        let result = try await Stagecoach.run(
            [
                "generate", "--model", TinyReference.modelPath, "--raw", "--prompt-file", "/dev/stdin", "--max-tokens",
                "2",
            ],
            input: "Once upon a time")
        #expect(result.succeeded, "\(result)")
    }

    @Test("A report that cannot be written is no success", arguments: [nil, 2])
    func fullDisk(ranks: Int?) async throws {
        let command =
            "\(Stagecoach.path) generate --model \(TinyReference.modelPath) --prompt-ids 1 --max-tokens 2 --json"
        let shell = ["-c", "[ \"${OMPI_COMM_WORLD_RANK:-0}\" = 0 ] && exec >/dev/full; exec \(command)"]
        let result =
            if let ranks {
                try await Launcher.mpirun(ranks: ranks, "sh", shell)
            } else {
                try await Launcher.run("sh", shell)
            }
        expectOneMessage(result, status: 70, words: ["standard output"])
    }

    @Test("Ranks with different models: both hosts named, exit 65")
    func differentModels() async throws {
        let models = try BrokenModels()
        let other = try models.write("other.gguf") { $0[$0.count - 1] ^= 1 }
        let script = NSTemporaryDirectory() + "stagecoach-pick-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: script) }
        try """
        #!/bin/sh
        model=$1; shift
        [ "$OMPI_COMM_WORLD_RANK" = 1 ] && model=\(other)
        exec \(Stagecoach.path) generate --model "$model" "$@"
        """.write(toFile: script, atomically: true, encoding: .utf8)
        let result = try await Launcher.mpirun(
            ranks: 2, "sh", [script, TinyReference.modelPath, "--prompt-ids", "1,2"])
        expectOneMessage(result, status: 65, words: ["rank 1", "model"])
    }

    private func expectOneMessage(_ result: CommandResult, status: Int, words: [String]) {
        #expect(result.exitStatus == status, "\(result)")
        #expect(result.output.isEmpty, "\(result)")
        #expect(result.errors.count(of: "stagecoach:") == 1, "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result)")
        for word in words { #expect(result.errors.contains(word), "\(word) in \(result)") }
    }
}

extension String {
    fileprivate func count(of text: String) -> Int { components(separatedBy: text).count - 1 }
}
