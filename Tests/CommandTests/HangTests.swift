import Foundation
import Glibc
import TestSupport
import Testing

/// A rank that hangs before the work or after it ends the job, named once with its host. `SilenceTests` are of the work itself.
@Suite("A rank that hangs at the start or the end is named", .serialized)
struct HangTests {
    private static let model = TestFiles.fixture("llama2/llama2-f32.gguf")
    private static let timeout = ["--timeout", "3", "--threads", "1"]
    /// mpirun may hang where a rank leaves while others are inside MPI_Init or MPI_Finalize; `launch` ends it then.
    private static let launch = TestFiles.packageRoot.appendingPathComponent("scripts/launch").path

    /// What a failing job says, in one line.
    private static func complaint(_ result: CommandResult) throws -> String {
        #expect(result.exitStatus == 70, "\(result)")
        let lines = result.errors.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("stagecoach: ") }
        #expect(lines.count == 1, "\(result)")
        return String(try #require(lines.first, "\(result)"))
    }

    /// Stops a rank as soon as its process is there: inside MPI_Init ranks cannot ask each other, and look around.
    @Test("A rank that is stopped as it starts", arguments: [0, 1])
    func stoppedAtTheStart(rank: Int) async throws {
        let mark = UUID().uuidString
        let result = try await Launcher.run(
            Self.launch,
            ["--np", "3", "--program", Stagecoach.path, "--", "generate", "--model", Self.model, "--prompt", "Once"]
                + Self.timeout, environment: [RankProcess.mark: mark]
        ) { command in
            var process: pid_t?
            while process == nil {
                try #require(!command.family.isEmpty, "\(command.errors)")
                process = RankProcess.find(rank, of: Stagecoach.path, marked: mark)
            }
            kill(process!, SIGSTOP)
        }
        #expect(try Self.complaint(result).contains(" rank \(rank) on "), "\(result)")
    }

    /// Whoever opens a pipe without a writer waits, as for a server of files that has gone.
    @Test("A rank whose disk hangs, while it answers itself")
    func hangingFile() async throws {
        let pipe = try NamedPipe()
        let hangsOnRank1 =
            #"[ $OMPI_COMM_WORLD_RANK = 1 ] && set -- "$2"; exec "$0" generate --model "$1" --prompt x --timeout 3"#
        let result = try await Launcher.mpirun(
            ranks: 3, "sh", ["-c", hangsOnRank1, Stagecoach.path, Self.model, pipe.path])
        let complaint = try Self.complaint(result)
        #expect(complaint.contains("rank 1 on "), "\(result)")
        #expect(complaint.contains("nothing was read or computed for 3 s while the ranks open the model"), "\(result)")
    }

    /// `score` of a text that comes through `pipe`: rank 0 waits for it, and the others for rank 0.
    private static func score(_ pipe: NamedPipe) -> [String] {
        ["score", "--model", model, "--text-file", pipe.path] + timeout
    }

    @Test("A rank 0 that waits for people is no hanging one, nor are those that wait with it")
    func slowInput() async throws {
        let pipe = try NamedPipe()
        let result = try await Launcher.mpirun(ranks: 2, Stagecoach.path, Self.score(pipe)) { command in
            try await pipe.whileRead(by: command) { writer in
                try await Task.sleep(for: .seconds(5))
                write(writer, "Once upon a time", 16)
            }
        }
        #expect(result.succeeded, "\(result)")
    }

    @Test("A rank that is stopped while it waits for others", arguments: [0, 2])
    func stoppedAmongTheWaiting(rank: Int) async throws {
        let (pipe, mark) = (try NamedPipe(), UUID().uuidString)
        let result = try await Launcher.mpirun(
            ranks: 3, Stagecoach.path, Self.score(pipe), environment: [RankProcess.mark: mark]
        ) { command in
            try await pipe.whileRead(by: command) { _ in
                kill(try #require(RankProcess.find(rank, of: Stagecoach.path, marked: mark)), SIGSTOP)
                while !command.family.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            }
        }
        let complaint = try Self.complaint(result)
        #expect(complaint.contains(": no sign of life from rank \(rank) on "), "\(result)")
        #expect(complaint.contains(" for 3 s while rank 0 prepares the work: "), "\(result)")
    }

    /// The end of the conversation comes to ranks by way of those before them, of which one is stopped.
    @Test(
        "A rank that is stopped before the end, not the one that waits for it", .enabled(if: TestFiles.smolLM2 != nil))
    func stoppedAtTheEnd() async throws {
        let mark = UUID().uuidString
        let model = try #require(TestFiles.smolLM2)
        let result = try await Launcher.run(
            "sh",
            [
                "-c", #"(echo Hello; sleep 6) | exec "$@""#, "sh", Self.launch, "--np", "3", "--program",
                Stagecoach.path,
                "--", "chat", "--model", model, "--max-tokens", "4",
            ] + Self.timeout,
            environment: [RankProcess.mark: mark]
        ) { chat in
            try await chat.wait(forError: "TTFT")
            kill(try #require(RankProcess.find(1, of: Stagecoach.path, marked: mark)), SIGSTOP)
        }
        #expect(try Self.complaint(result).contains("rank 1 on "), "\(result)")
    }

    @Test("A host that is cut off before the work", .namespaces)
    func cutOffAtTheStart() async throws {
        let pipe = try NamedPipe()
        let result = try await NamespaceCluster.run(hosts: 3, ["stagecoach"] + Self.score(pipe)) { cluster in
            try await pipe.whileRead(by: cluster) { _ in
                try await NamespaceCluster.cutOff("host2", madeBy: cluster.process)
                while !cluster.family.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            }
        }
        #expect(try Self.complaint(result).contains("no sign of life from rank 1 on host2 for 3 s"), "\(result)")
    }

    /// Nothing is promised to anyone yet.
    @Test("A service that is ended before it listens ends without a word", arguments: [1, 3])
    func endedBeforeItListens(ranks: Int) async throws {
        let pipe = try NamedPipe()
        let arguments = [
            "serve", "--model", Self.model, "--port", "0", "--threads", "1", "--chat-template", pipe.path,
        ]
        let end: @Sendable (RunningCommand) async throws -> Void = { command in
            try await pipe.whileRead(by: command) { _ in
                // Other ranks of mpirun's get the signal that it passes on.
                command.send(ranks == 1 ? SIGTERM : SIGUSR1)
                while !command.family.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            }
        }
        let result =
            ranks == 1
            ? try await Launcher.run(Stagecoach.path, arguments, during: end)
            : try await Launcher.mpirun(ranks: ranks, Stagecoach.path, arguments, during: end)
        #expect(result.succeeded && result.output.isEmpty && result.errors.isEmpty, "\(result)")
    }

    /// Bridges to containers and virtual machines have the same address everywhere: ranks that try them reach nobody.
    @Test("Hosts with docker0 and virbr0 meet all the same", .namespaces)
    func bridges() async throws {
        let script = """
            for index in 1 2 3; do
                for bridge in docker0:172.17.0.1/16 virbr0:192.168.122.1/24; do
                    "$STAGECOACH_SSH" host$index ip link add ${bridge%%:*} type bridge
                    "$STAGECOACH_SSH" host$index ip address add ${bridge#*:} dev ${bridge%%:*}
                    "$STAGECOACH_SSH" host$index ip link set ${bridge%%:*} up
                done
                "$STAGECOACH_SSH" host$index ip link add veth0 type veth peer name veth1
                "$STAGECOACH_SSH" host$index ip link set veth0 master docker0 up
                "$STAGECOACH_SSH" host$index ip link set veth1 up
            done
            unset OMPI_MCA_btl_tcp_if_include OMPI_MCA_oob_tcp_if_include
            exec mpirun -q -np 3 --map-by node "$@"
            """
        let result = try await NamespaceCluster.run(
            hosts: 3, options: ["--first"],
            [
                "sh", "-c", script, "sh", Stagecoach.path, "generate", "--model", Self.model, "--raw", "--prompt",
                "Once",
                "--max-tokens", "4", "--json",
            ], timeout: .seconds(120))
        #expect(result.succeeded, "\(result)")
        #expect(try result.generation().ranks == 3)
    }
}
