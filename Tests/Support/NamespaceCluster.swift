import Foundation
import Glibc
import Subprocess

/// Several hosts on this machine, by `scripts/netns-cluster`: namespaces with names and addresses, and real TCP.
public enum NamespaceCluster {
    private static let script = TestFiles.packageRoot.appendingPathComponent("scripts/netns-cluster").path

    /// Runs `command` on `hosts` hosts and returns when the cluster is down again; see ``Launcher/run``.
    ///
    /// - Parameter options: The script's, such as `--first`.
    public static func run(
        hosts: Int, options: [String] = [], _ command: [String], environment: [String: String?] = [:],
        timeout: Duration = Launcher.patience, during: (@Sendable (RunningCommand) async throws -> Void)? = nil
    ) async throws -> CommandResult {
        let program: [String: String?] = ["STAGECOACH_PROGRAM": Launcher.product("stagecoach")]
        return try await Launcher.run(
            script, ["\(hosts)"] + options + ["--"] + command, environment: program.merging(environment) { $1 },
            timeout: timeout, during: during)
    }

    /// Why tests that need a cluster are skipped where ``isPossible`` is false.
    public static let requirement = "needs root, iproute2 and a kernel that allows network namespaces"

    /// Whether this machine lets us make hosts. False only where the script itself says that it cannot be done here:
    /// a script that fails otherwise must fail the tests.
    public static var isPossible: Bool {
        get async { await attempt.value }
    }

    private static let attempt = Task {
        let result = try? await run(hosts: 1, options: ["--first"], ["true"])
        return result?.exitStatus != 77
    }

    /// The namespaces of the cluster that process `maker` made.
    public static func namespaces(madeBy maker: pid_t) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
        return names.filter { $0.hasPrefix("stagecoach-\(maker)-") }
    }

    /// Takes the link of a host down, in the cluster that process `maker` made.
    public static func cutOff(_ host: String, madeBy maker: pid_t) async throws {
        guard let namespace = namespaces(madeBy: maker).first(where: { $0.hasSuffix("-\(host)") }) else {
            throw POSIXError(.ENOENT)
        }
        let result = try await Subprocess.run(
            .name("ip"), arguments: ["-n", namespace, "link", "set", "eth0", "down"], output: .discarded)
        if !result.terminationStatus.isSuccess { throw POSIXError(.EIO) }
    }
}

/// Whether a process still runs; one that ended and was not awaited by its parent does not.
public func isRunning(_ process: pid_t) -> Bool {
    FileManager.default.contents(atPath: "/proc/\(process)/cmdline")?.isEmpty == false
}
