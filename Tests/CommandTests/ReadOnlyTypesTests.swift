import Foundation
import TestSupport
import Testing

/// Files in types that other programs write: the model in them, and the same weights in F32.
@Suite struct ReadOnlyTypesTests {
    @Test(arguments: ["Q2_K", "Q3_K", "IQ4_NL", "IQ4_XS"]) func runAsTheirWeightsInFloats(_ type: String) async throws {
        let folder = try FileManager.default.url(
            for: .itemReplacementDirectory, in: .userDomainMask, appropriateFor: FileManager.default.temporaryDirectory,
            create: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = { (name: String) in folder.appendingPathComponent(name).path }
        try (3..<203).map { String($0 * 7 % 300) }.joined(separator: ",").write(
            toFile: path("ids"), atomically: true, encoding: .utf8)
        let shape = ["--layers", "2", "--hidden", "256", "--ffn", "512", "--heads", "4", "--kv-heads", "2"]
        try await succeed(["synth", "--out", path("m.gguf"), "--type", type, "--vocab-size", "300"] + shape)
        try await succeed(["quantize", "--model", path("m.gguf"), "--out", path("f.gguf"), "--type", "F32"])
        let (own, exact) = (try await logits(path("m.gguf"), path), try await logits(path("f.gguf"), path))
        #expect(own.count == 200 * 300 && exact.count == own.count)
        let size = exact.reduce(0) { $0 + $1 * $1 }
        let error = zip(own, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        // Activations in 8 bits are what differs.
        #expect((error / size).squareRoot() < 0.02, "\((error / size).squareRoot())")
        let inspected = try await Stagecoach.run(["inspect", "--model", path("m.gguf")])
        #expect(inspected.output.contains(type))
    }

    @Test func areNotWritten() async throws {
        let model = TinyReference.modelPath
        let loaded = try await Stagecoach.run(["generate", "--model", model, "--quantize", "Q2_K", "--prompt", "a"])
        #expect(loaded.exitStatus == 64 && loaded.errors.contains("only read"), "\(loaded)")
        let out = FileManager.default.temporaryDirectory.appendingPathComponent("read-only.gguf").path
        let written = try await Stagecoach.run(["quantize", "--model", model, "--out", out, "--type", "IQ4_XS"])
        #expect(written.exitStatus == 64 && !FileManager.default.fileExists(atPath: out), "\(written)")
    }

    private func succeed(_ arguments: [String]) async throws {
        let result = try await Stagecoach.run(arguments)
        #expect(result.succeeded, "\(result)")
    }

    private func logits(_ model: String, _ path: (String) -> String) async throws -> [Double] {
        let file = path("logits")
        try await succeed(["score", "--model", model, "--ids-file", path("ids"), "--logits-out", file])
        return try Data(contentsOf: URL(fileURLWithPath: file)).withUnsafeBytes { bytes in
            bytes.bindMemory(to: Float.self).map(Double.init)
        }
    }
}
