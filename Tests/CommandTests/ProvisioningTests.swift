import Foundation
import ReportSchemas
import TestSupport
import Testing

/// Ranks that lack the model get their slices from rank 0, or were given them by `split`.
@Suite("Slices of a model")
struct ProvisioningTests {
    private static let model = TestFiles.fixture("llama2/llama2-f32.gguf")
    private static let prompt = [
        "--raw", "--threads", "1", "--max-tokens", "8", "--prompt", "The ferry left at noon and the river rose.",
    ]

    /// `generate` where each rank is given a model of its own.
    private func generate(
        ranks: Int, _ modelOfRank: String, flags: [String] = [], cache: String, temporary: String? = nil
    ) async throws -> CommandResult {
        let script =
            #"model=$(eval echo "$MODEL"); exec "$0" generate --json --model "$model" --cache "$CACHE" "$@""#
        return try await Launcher.mpirun(
            ranks: ranks, "sh", ["-c", script, Stagecoach.path] + Self.prompt + flags,
            environment: [
                "MODEL": modelOfRank, "CACHE": cache, "STAGECOACH_PROGRESS": "1",
                "TMPDIR": temporary ?? FileManager.default.temporaryDirectory.path,
            ])
    }

    private func output(_ result: CommandResult) throws -> GenerationReport {
        #expect(result.succeeded, "\(result)")
        return try result.generation()
    }

    /// Only rank 0 has the model.
    private static func onRank0(_ model: String) -> String {
        #"$([ $OMPI_COMM_WORLD_RANK = 0 ] && echo "\#(model)" || echo \#(TestFiles.absent("x.gguf")))"#
    }

    @Test("A rank without the model gets its slice, once")
    func fetchedOnce() async throws {
        let folder = try TemporaryFolder()
        let expected = try await Stagecoach.generate(Self.prompt, model: Self.model)
        let first = try await generate(ranks: 3, Self.onRank0(Self.model), cache: folder.path)
        #expect(try output(first).logitsHash == expected.logitsHash)
        #expect(first.errors.contains("sending"))
        #expect(try folder.names.count == 2)
        let second = try await generate(ranks: 3, Self.onRank0(Self.model), cache: folder.path)
        #expect(try output(second).logitsHash == expected.logitsHash)
        #expect(!second.errors.contains("sending"), "\(second)")
    }

    @Test("What is in the caches stays there, where that costs little")
    func keptInCache() async throws {
        let folder = try TemporaryFolder()
        let cut = try await generate(
            ranks: 2, Self.onRank0(Self.model), flags: ["--partition", "2,1"], cache: folder.path)
        #expect(try output(cut).partition == [2, 1])
        // One sequence takes the way through all layers, wherever they are.
        let second = try await generate(ranks: 2, Self.onRank0(Self.model), cache: folder.path)
        #expect(try output(second).partition == [2, 1] && folder.names.count == 1)
        #expect(!second.errors.contains("sending"), "\(second)")
    }

    @Test("Hugging Face folders travel too")
    func folders() async throws {
        let folder = try TemporaryFolder()
        let model = TestFiles.fixture("families/phi3")
        let ids = ["--threads", "1", "--max-tokens", "6", "--prompt-ids", "3,9,27,81"]
        let expected = try await Stagecoach.generate(ids, model: model)
        let script = #"model=$(eval echo "$MODEL"); exec "$0" generate --json --model "$model" "$@""#
        let result = try await Launcher.mpirun(
            ranks: 2, "sh", ["-c", script, Stagecoach.path, "--cache", folder.path] + ids,
            environment: ["MODEL": Self.onRank0(model)])
        #expect(try output(result).logitsHash == expected.logitsHash)
    }

    @Test("--no-cache leaves nothing", arguments: [([], 0), (["--context", "1000000"], 64)])
    func notKept(flags: [String], status: Int) async throws {
        let (folder, temporary) = (try TemporaryFolder(), try TemporaryFolder())
        let result = try await generate(
            ranks: 2, Self.onRank0(Self.model), flags: ["--no-cache"] + flags, cache: folder.path,
            temporary: temporary.path)
        #expect(result.exitStatus == status, "\(result)")
        #expect(try folder.names.isEmpty)
        #expect(try temporary.names.filter { $0.hasPrefix("stagecoach") }.isEmpty)
    }

    @Test("An interrupted transfer goes on, and a damaged one is found")
    func resumed() async throws {
        let (folder, cache) = (try TemporaryFolder(), try TemporaryFolder())
        let model = "\(folder.path)/model.gguf"
        let shape = ["--layers", "4", "--hidden", "512", "--ffn", "1024", "--heads", "8", "--type", "F32"]
        let made = try await Stagecoach.run(["synth", "--out", model, "--vocab-from", Self.model] + shape)
        #expect(made.succeeded, "\(made)")
        let hash = try output(await generate(ranks: 2, Self.onRank0(model), cache: cache.path)).logitsHash
        let name = try #require(try cache.names.first)
        let whole = try cache.contents(name)
        #expect(whole.count > 12 << 20)

        try cache.write(whole.prefix(9 << 20), to: "\(name).partial")
        try cache.remove(name)
        #expect(try output(await generate(ranks: 2, Self.onRank0(model), cache: cache.path)).logitsHash == hash)
        #expect(try cache.contents(name) == whole)

        var damaged = whole.prefix(9 << 20)
        damaged[damaged.startIndex + (5 << 20)] ^= 1
        try cache.write(damaged, to: "\(name).partial")
        try cache.remove(name)
        let failed = try await generate(ranks: 2, Self.onRank0(model), cache: cache.path)
        #expect(failed.exitStatus == 70, "\(failed)")
        #expect(failed.errors.contains("is not what rank 0 has"), "\(failed)")
        #expect(try cache.names.isEmpty)
    }

    @Test("The cache keeps to its size")
    func evicted() async throws {
        let cache = try TemporaryFolder()
        try cache.write(Data(count: 3 << 20), to: "old.gguf")
        let result = try await generate(
            ranks: 2, Self.onRank0(Self.model), flags: ["--cache-size", "3M"], cache: cache.path)
        #expect(try output(result).ranks == 2)
        #expect(try !cache.names.contains("old.gguf") && cache.names.count == 1)
        let tooLarge = try await generate(
            ranks: 2, Self.onRank0(Self.model), flags: ["--cache-size", "1K"], cache: try TemporaryFolder().path)
        #expect(tooLarge.exitStatus == 64, "\(tooLarge)")
    }

    @Test("split cuts slices that run without the whole")
    func split() async throws {
        let folder = try TemporaryFolder()
        let expected = try await Stagecoach.generate(Self.prompt, model: Self.model)
        let cut = try await Stagecoach.run(
            ["split", "--model", Self.model, "--partition", "1,2", "--out", "\(folder.path)/slices"])
        #expect(cut.succeeded, "\(cut)")
        let slices = "\(folder.path)/slices/rank-$OMPI_COMM_WORLD_RANK.gguf"
        let found = try output(await generate(ranks: 2, slices, cache: folder.path))
        #expect(found.partition == [1, 2] && found.logitsHash == expected.logitsHash)
        let wrong = try await generate(ranks: 2, slices, flags: ["--partition", "2,1"], cache: folder.path)
        #expect(wrong.exitStatus == 65, "\(wrong)")
        #expect(wrong.errors.contains("is a slice with layers 0 to 0"), "\(wrong)")
        // Rank 0 would plan, since it has the whole, while rank 1 goes by its slice.
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/0.gguf", withDestinationPath: Self.model)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/1.gguf", withDestinationPath: "\(folder.path)/slices/rank-1.gguf")
        let mixed = "\(folder.path)/$OMPI_COMM_WORLD_RANK.gguf"
        let refused = try await generate(ranks: 2, mixed, cache: folder.path)
        #expect(refused.exitStatus == 65 && refused.errors.contains("has partition 1,2 and rank 0"), "\(refused)")
        let agreed = try output(await generate(ranks: 2, mixed, flags: ["--partition", "1,2"], cache: folder.path))
        #expect(agreed.partition == [1, 2] && agreed.logitsHash == expected.logitsHash)
    }
}

extension ProvisioningTests {
    @Test("split cuts Hugging Face folders, with tokenizer and sampling defaults")
    func splitFolder() async throws {
        let folder = try TemporaryFolder()
        let (model, slices) = ("\(folder.path)/model", "\(folder.path)/slices")
        let shape = ["--layers", "3", "--hidden", "64", "--ffn", "128", "--heads", "4", "--type", "F16"]
        let made = try await Stagecoach.run(
            ["synth", "--out", model, "--format", "huggingface", "--vocab-from", Self.model] + shape)
        #expect(made.succeeded, "\(made)")
        let sampling = #"{"do_sample": true, "temperature": 0.7, "top_k": 3}"#
        try folder.write(Data(sampling.utf8), to: "model/generation_config.json")
        let cut = try await Stagecoach.run(["split", "--model", model, "--partition", "1,2", "--out", slices])
        #expect(cut.succeeded, "\(cut)")
        let own = "\(slices)/rank-$OMPI_COMM_WORLD_RANK.gguf"
        for flags in [["--seed", "5"], ["--seed", "5", "--quantize", "Q8_0"]] {
            let expected = try await Stagecoach.generate(Self.prompt + flags, model: model)
            let found = try output(await generate(ranks: 2, own, flags: flags, cache: folder.path))
            #expect(found.partition == [1, 2] && found.promptIDs == expected.promptIDs)
            #expect(found.ids == expected.ids && found.logitsHash == expected.logitsHash)
        }
    }
}

/// A folder that goes away with its owner.
private final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/stagecoach-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path) } }

    func contents(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }
    func write(_ data: Data, to name: String) throws { try data.write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
}
