import Foundation
import TestSupport
import Testing

/// The second promise: a rank's peak memory is its slice, the KV cache asked for, and a constant.
@Suite("Memory")
struct MemoryTests {
    private static let allowance = 150 << 20

    @Test("Peak memory of each rank with a share of a large model", arguments: [2, 4])
    func slices(ranks: Int) async throws {
        let folder = NSTemporaryDirectory() + "stagecoach-memory-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = "\(folder)/model.gguf"
        let made = try await Stagecoach.run([
            "synth", "--out", model, "--layers", "16", "--hidden", "2048", "--ffn", "5632", "--heads", "32",
            "--kv-heads", "4", "--type", "Q4_0", "--vocab-from", TinyReference.modelPath,
        ])
        #expect(made.succeeded, "\(made)")
        let size = try #require(
            FileManager.default.attributesOfItem(atPath: model)[.size] as? Int)

        // Each rank leaves its high-water mark behind.
        let script = "\(folder)/run"
        try """
        #!/bin/sh
        \(Stagecoach.path) "$@" &
        child=$!
        peak=0
        while kill -0 $child 2>/dev/null; do
            now=$(sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$child/status 2>/dev/null)
            [ "${now:-0}" -gt "$peak" ] && peak=$now
            sleep 0.05
        done
        echo "$peak" > \(folder)/peak.$OMPI_COMM_WORLD_RANK
        wait $child
        """.write(toFile: script, atomically: true, encoding: .utf8)
        let partition = Array(repeating: "\(16 / ranks)", count: ranks).joined(separator: ",")
        let result = try await Launcher.mpirun(
            ranks: ranks, "sh",
            [
                script, "generate", "--model", model, "--prompt-ids", "1,2,3,4,5", "--max-tokens", "24",
                "--ignore-eos", "--partition", partition, "--threads", "1", "--context", "512",
            ])
        #expect(result.succeeded, "\(result)")
        let kvBytes = 16 / ranks * 512 * 4 * 64 * 2 * 2
        for rank in 0..<ranks {
            let text = try String(contentsOfFile: "\(folder)/peak.\(rank)", encoding: .utf8)
            let peak = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines))) << 10
            #expect(peak > size / ranks / 2, "rank \(rank) was measured")
            #expect(
                peak <= size / ranks + kvBytes + Self.allowance,
                "rank \(rank) of \(ranks): \(peak >> 20) MiB for a slice of \(size / ranks >> 20) MiB")
        }
    }
}
