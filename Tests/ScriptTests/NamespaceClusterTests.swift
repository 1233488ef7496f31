import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// `scripts/netns-cluster` leaves nothing behind, however it ends.
@Suite(.enabled(Comment(rawValue: NamespaceCluster.requirement)) { await NamespaceCluster.isPossible })
struct NamespaceClusterTests {
    /// Says which process it is on which host, and stays.
    private static let stay = ["sh", "-c", #"echo "$(hostname) is $$."; exec sleep 300"#]

    /// The processes that said that they run, once all hosts have.
    private static func processes(of cluster: RunningCommand, hosts: Int) async throws -> [pid_t] {
        for host in 1...hosts { try await cluster.wait(forOutput: "host\(host) is ") }
        let said = cluster.output.split(separator: "\n")
        return said.compactMap { $0.split(separator: " ").last.flatMap { pid_t($0.prefix { $0 != "." }) } }
    }

    private static func kill(_ process: pid_t, _ signal: Int32) { Glibc.kill(process, signal) }

    /// What the script runs on the first host: scripts/launch, which runs mpirun.
    private static func launcher(of cluster: RunningCommand) throws -> pid_t {
        let children = "/proc/\(cluster.process)/task/\(cluster.process)/children"
        let found = String(decoding: FileManager.default.contents(atPath: children) ?? Data(), as: UTF8.self)
        return try #require(found.split(separator: " ").first.flatMap { pid_t($0) })
    }

    @Test(arguments: [SIGKILL, SIGTERM]) func aKilledCommandLeavesNothing(signal: Int32) async throws {
        let left = Mutex<(processes: [pid_t], namespaces: [String], maker: pid_t)>(([], [], 0))
        let result = try await NamespaceCluster.run(hosts: 2, Self.stay) { cluster in
            let processes = try await Self.processes(of: cluster, hosts: 2)
            let namespaces = NamespaceCluster.namespaces(madeBy: cluster.process)
            left.withLock { $0 = (processes, namespaces, cluster.process) }
            Self.kill(try Self.launcher(of: cluster), signal)
        }
        let (processes, namespaces, maker) = left.withLock { $0 }
        #expect(namespaces.count == 3 && processes.count == 2)
        if signal == SIGKILL { #expect(result.exitStatus == 137, "\(result)") }
        #expect(result.end != .timedOut && !result.succeeded, "\(result)")
        #expect(NamespaceCluster.namespaces(madeBy: maker).isEmpty)
        #expect(processes.filter(isRunning).isEmpty)
    }

    @Test func aSignalTakesTheClusterDown() async throws {
        let maker = Mutex<pid_t>(0)
        let result = try await NamespaceCluster.run(hosts: 2, options: ["--first"], Self.stay) { cluster in
            try await cluster.wait(forOutput: "host1 is ")
            maker.withLock { $0 = cluster.process }
            cluster.send(SIGTERM)
        }
        #expect(result.exitStatus == 143, "\(result)")
        #expect(NamespaceCluster.namespaces(madeBy: maker.withLock { $0 }).isEmpty)
    }

    @Test func theNextRunSweepsWhatACrashedOneLeft() async throws {
        let left = Mutex<(processes: [pid_t], maker: pid_t)>(([], 0))
        _ = try await NamespaceCluster.run(hosts: 2, Self.stay) { cluster in
            let processes = try await Self.processes(of: cluster, hosts: 2)
            left.withLock { $0 = (processes, cluster.process) }
            cluster.send(SIGKILL)
        }
        let (processes, maker) = left.withLock { $0 }
        #expect(processes.count == 2)
        let next = try await NamespaceCluster.run(hosts: 1, options: ["--first"], ["true"])
        #expect(next.succeeded, "\(next)")
        #expect(NamespaceCluster.namespaces(madeBy: maker).isEmpty)
        #expect(processes.filter(isRunning).isEmpty)
    }

    @Test func commandsInACluster() async throws {
        let sandbox = try Sandbox()
        let hosts = "\(sandbox.path)/hosts"
        let result = try await NamespaceCluster.run(
            hosts: 2, options: ["--first", "--hostfile-out", hosts],
            ["sh", "-c", #"hostname; mpirun hostname; "$STAGECOACH_SSH" host2 hostname; exit 3"#])
        #expect(result.exitStatus == 3, "\(result)")
        let names = result.output.split(separator: "\n").map(String.init)
        #expect(names.first == "host1" && names.last == "host2", "\(result)")
        #expect(names.sorted() == ["host1", "host1", "host2", "host2"], "\(result)")
        let written = try String(contentsOfFile: hosts, encoding: .utf8)
        #expect(written.hasPrefix("host1 slots=1 #") && written.contains("\nhost2 slots=1 #"))
    }

    @Test(arguments: [
        (["--", "x"], "how many hosts"), (["0", "--", "x"], "how many hosts"), (["2"], "what to run"),
        (["2", "--rate", "fast", "--", "x"], "--rate fast"), (["2", "--rate"], "--rate needs a value"),
    ])
    func wrongUseIsOneSentence(_ arguments: [String], _ says: String) async throws {
        let result = try await Launcher.run(script("netns-cluster"), arguments)
        #expect(result.exitStatus == 64 && result.errors.contains(says), "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }
}
