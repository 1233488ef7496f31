import Foundation
import Glibc
import TestSupport
import Testing

/// Control groups of the kernel's, where the tests may make some: of version 1 or 2, as this machine has them.
@Suite("Limits of a job")
struct JobLimitTests {
    private static let plan = [
        "plan", "--model", TinyReference.modelPath, "--prompt-tokens", "32", "--generate-tokens", "8",
    ]

    @Test("A plan is not what a limit of memory ends", .enabled { MadeGroup.isPossible("memory") })
    func plan() async throws {
        let group = try MadeGroup("memory", limit: "200M")
        let result = try await group.run(Self.plan + ["--threads", "1"])
        #expect(result.succeeded && result.output.contains("1 rank, hosts and links measured now"), "\(result)")
    }

    @Test(
        "What does not fit is refused with figures", .enabled(if: TestFiles.smolLM2 != nil),
        .enabled { MadeGroup.isPossible("memory") })
    func weights() async throws {
        let model = try #require(TestFiles.smolLM2)
        let group = try MadeGroup("memory", limit: "100M")
        let result = try await group.run(["generate", "--model", model, "--threads", "1", "--prompt", "Hello"])
        #expect(result.exitStatus == 64, "\(result)")
        #expect(result.errors.hasPrefix("stagecoach: the model does not fit: this host has "), "\(result)")
        #expect(result.errors.contains("MiB of memory left, and its weights take 92 MiB"), "\(result)")
    }

    @Test(
        "Threads follow a quota, and a plan says so", .enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1),
        .enabled { MadeGroup.isPossible("cpu") })
    func quota() async throws {
        let group = try MadeGroup("cpu", limit: "150000")
        let result = try await group.run(Self.plan)
        #expect(result.succeeded, "\(result)")
        #expect(result.output.contains(": 1 threads under a CPU quota of 1.50 cores a rank\n"), "\(result)")
    }
}

/// A control group that goes away with its owner, whose processes have ended by then.
private final class MadeGroup {
    private let path: String

    /// Where such a group may be made, and the file of its limit.
    private static func place(_ controller: String) -> (folder: String, limit: String)? {
        let files = FileManager.default
        let unified = "/sys/fs/cgroup"
        let granted = (try? String(contentsOfFile: "\(unified)/cgroup.subtree_control", encoding: .utf8)) ?? ""
        if granted.split(whereSeparator: \.isWhitespace).contains(Substring(controller)) {
            return (unified, controller == "cpu" ? "cpu.max" : "memory.max")
        }
        let old = "\(unified)/\(controller)"
        let limit = controller == "cpu" ? "cpu.cfs_quota_us" : "memory.limit_in_bytes"
        return files.fileExists(atPath: "\(old)/\(limit)") ? (old, limit) : nil
    }

    static func isPossible(_ controller: String) -> Bool { (try? MadeGroup(controller, limit: "1000000000")) != nil }

    init(_ controller: String, limit: String) throws {
        struct Impossible: Error {}
        guard let place = Self.place(controller) else { throw Impossible() }
        path = "\(place.folder)/stagecoach-\(UUID().uuidString)"
        guard mkdir(path, 0o755) == 0 else { throw Impossible() }
        do {
            try limit.write(toFile: "\(path)/\(place.limit)", atomically: false, encoding: .utf8)
        } catch {
            rmdir(path)
            throw error
        }
    }

    deinit { rmdir(path) }

    func run(_ arguments: [String]) async throws -> CommandResult {
        try await Launcher.run(
            "sh", ["-c", "echo $$ >\(path)/cgroup.procs && exec \"$0\" \"$@\"", Stagecoach.path] + arguments)
    }
}
