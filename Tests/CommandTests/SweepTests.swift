import Foundation
import Glibc
import Sweeps
import TestSupport
import Testing

@Suite("bench --sweep")
struct SweepTests {
    private let folder = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString)"

    private struct Points: Decodable { let points: [SweepRecord] }

    private func arguments(_ more: [String], model: String = TinyReference.modelPath) -> [String] {
        [
            "bench", "--sweep", "--model", model, "--output", folder, "--prompt-tokens", "12", "--repetitions", "1",
        ] + (more.contains("--generate-tokens") ? [] : ["--generate-tokens", "4"]) + more
    }

    private func sweep(
        _ more: [String], model: String = TinyReference.modelPath,
        during: (@Sendable (RunningCommand) async throws -> Void)? = nil
    ) async throws -> CommandResult {
        try await Launcher.run(Stagecoach.path, arguments(more, model: model), during: during)
    }

    private func clean() { try? FileManager.default.removeItem(atPath: folder) }

    private func journal() throws -> [String] {
        try String(contentsOfFile: folder + "/points.jsonl", encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// The model has three layers: four ranks are a point that fails.
    @Test("Every point is measured, or says why not, and only what failed is tried again")
    func resumes() async throws {
        defer { clean() }
        let flags = [
            "--ranks", "1,2,4", "--sequences", "1,3", "--scaling", "both", "--kv-type", "f32", "--no-timeline",
        ]
        let first = try await sweep(flags)
        #expect(first.succeeded && first.output == "\(folder)/report.html\n", "\(first)")
        #expect(
            first.errors.contains("FAILED: rank 0 on ") && first.errors.contains("too many for a model of 3 layers"))
        let lines = try journal()
        // 1 and 3 sequences on each, 2 and 6 on two ranks, 4 and 12 on four.
        #expect(lines.count == 10)
        for name in ["report.html", "points.csv", "points.json", "sweep.json"] {
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"))
        }
        // Ended while it wrote the third point.
        try (lines.prefix(2).joined(separator: "\n") + "\n" + lines[2].prefix(100)).write(
            toFile: folder + "/points.jsonl", atomically: true, encoding: .utf8)
        let second = try await sweep(flags + ["--json"])
        #expect(second.succeeded && second.output.split(separator: "\n").count == 1, "\(second)")
        #expect(second.errors.split(separator: "\n").count { $0.hasSuffix("measured before") } == 2)
        #expect(try journal().prefix(2) == lines.prefix(2))
        let points = try second.report(Points.self).points
        #expect(points.count == 10 && points.count { $0.error != nil } == 4)
        #expect(points.allSatisfy { $0.command.contains("mpirun -q ") && $0.command.contains(" --kv-type f32") })
        #expect(points.allSatisfy { ($0.error == nil) == ($0.point.ranks < 4) })
    }

    @Test("Another command is refused, and so are wrong flags, before anything runs")
    func refusals() async throws {
        defer { clean() }
        let first = try await sweep(["--ranks", "1", "--no-timeline"])
        #expect(first.succeeded, "\(first)")
        for (flags, status, words) in [
            (["--ranks", "1,2"], 64, "--ranks is 1 there and 1,2 here"), (["--ranks", "0"], 64, "--ranks"),
            (["--ranks", "1", "--no-such-flag"], 64, "--no-such-flag"), (["--microbatches", "auto,x"], 64, "auto,x"),
            (["--ranks", "1", "--kv-type", "f17"], 64, "f17"),
            (["--hostfile", TestFiles.absent("x")], 65, TestFiles.absent("x")),
            (["--generate-tokens", "1"], 64, "--generate-tokens"),
        ] {
            let result = try await sweep(flags)
            #expect(result.exitStatus == status && result.errors.contains(words), "\(result)")
            #expect(!result.errors.contains("[1 of"), "\(result)")
        }
        let none = try await sweep(["--ranks", "1"], model: TestFiles.absent("x.gguf"))
        #expect(none.exitStatus == 65 && none.errors.contains(TestFiles.absent("x.gguf")), "\(none)")
    }

    @Test("A sweep under mpirun is refused: it starts mpirun itself")
    func underMPI() async throws {
        defer { clean() }
        let result = try await Stagecoach.run(arguments(["--ranks", "1"]), ranks: 2)
        #expect(result.exitStatus == 64 && result.errors.contains("starts mpirun itself"), "\(result)")
    }

    /// A program that never answers stands for a run that hangs.
    @Test("A point that hangs is ended and reported; where all fail, so does the sweep")
    func hangs() async throws {
        defer { clean() }
        let flags = ["--ranks", "1,2", "--point-timeout", "2", "--no-timeline"]
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let program = folder + "/program"
        try "#!/bin/sh\necho loading >&2\nexec sleep 1000\n".write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        let result = try await Launcher.run(
            Stagecoach.path, arguments(flags), environment: ["STAGECOACH_PROGRAM": program])
        #expect(result.exitStatus == 70, "\(result)")
        #expect(result.errors.contains("all 2 points failed"), "\(result)")
        #expect(result.errors.contains("took longer than 2 s and was ended"), "\(result)")
        #expect(try journal().count == 2)
    }

    @Test("A signal ends the point and the sweep, and what was measured stays", arguments: [SIGTERM, SIGINT])
    func interrupted(signal: Int32) async throws {
        defer { clean() }
        let flags = [
            "--ranks", "1", "--sequences", "1,2,3,4,5,6,7,8", "--repetitions", "1000", "--generate-tokens", "480",
        ]
        let result = try await sweep(flags) { running in
            try await running.wait(forError: "[1 of 8]")
            running.send(signal)
        }
        #expect(result.exitStatus == Int(128 + signal), "\(result)")
        #expect(result.errors.contains("goes on where it was"))
        let count = try journal().count
        #expect(count >= 1 && count < 8)
    }
}
