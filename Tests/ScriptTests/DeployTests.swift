import Foundation
import Glibc
import TestSupport
import Testing

/// `scripts/deploy` with a stand-in for ssh: every "machine" is this one, some with a fault.
@Suite struct DeployTests {
    private let sandbox: Sandbox
    private let agent: String

    init() throws {
        sandbox = try Sandbox()
        let path = "PATH=\(sandbox.path)/old:$PATH"
        _ = try sandbox.command("old/mpiexec", "printf 'HYDRA build details:\\n    Version:      3.0.4\\n'")
        _ = try sandbox.command("old/mpirun", "echo 'mpirun (Open MPI) 3.1.2'")
        agent = try sandbox.command(
            "agent",
            """
            case $1 in
                locked) echo "locked: Permission denied (publickey)." >&2; exit 255 ;;
                older) \(path) exec sh -c "$2" ;;
                *) exec sh -c "$2" ;;
            esac
            """)
    }

    private func deploy(_ hosts: String, _ options: [String] = []) async throws -> CommandResult {
        let file = try sandbox.file("hosts", hosts)
        return try await Launcher.run(
            script("deploy"), [file, "--directory", "\(sandbox.path)/there"] + options,
            environment: ["STAGECOACH_SSH": agent])
    }

    @Test func copiesAProgramThatRuns() async throws {
        let model = try sandbox.file("model.gguf", "0123456789")
        let result = try await deploy("node1 slots=1\nnode2 slots=1\n", ["--model", model])
        #expect(result.succeeded && result.errors.isEmpty, "\(result)")
        let rows = result.output.split(separator: "\n")
        #expect(rows.count == 3 && rows.dropFirst().allSatisfy { $0.hasSuffix(" ready") && $0.contains(" 10 ") })
        let version = try await Launcher.run("\(sandbox.path)/there/stagecoach", ["--version"])
        #expect(version.succeeded, "\(version)")
        #expect(try await deploy("node1\n", ["--check"]).succeeded)
    }

    @Test func checkingCopiesNothing() async throws {
        let result = try await deploy("node1\n", ["--check"])
        #expect(result.exitStatus == 1 && result.errors.contains("run scripts/deploy without --check"), "\(result)")
        #expect(!sandbox.exists("there"))
    }

    @Test func namesWhatIsWrongWhere() async throws {
        let result = try await deploy("node1\nlocked slots=2\nolder\n", ["--model", TestFiles.absent("m.gguf")])
        #expect(result.exitStatus == 1)
        for complaint in [
            "node1: there is no model at \(TestFiles.absent("m.gguf"))",
            "locked: no login without a password: locked: Permission denied (publickey).",
            "older: its Open MPI is 3.1.2, here it is ",
        ] {
            #expect(result.errors.contains(complaint), "\(result)")
        }
        let states = result.output.split(separator: "\n").dropFirst().map { $0.split(separator: " ").last }
        #expect(states == ["wrong", "wrong", "wrong"])
    }

    /// One of the "machines" sees another copy of the same size at the path, with a hole. That takes mounts, and root.
    @Test(.enabled(if: geteuid() == 0), arguments: [false, true]) func comparesEveryByte(_ isFolder: Bool) async throws
    {
        let names =
            isFolder ? ["config.json", "model-1.safetensors"] : ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"]
        for folder in ["right", "wrong"] {
            _ = try sandbox.file("\(folder)/\(names[0])", "0123456789")
            _ = try sandbox.file("\(folder)/\(names[1])", folder == "right" ? "abcdefghij" : "abc\0\0\0ghij")
        }
        _ = try sandbox.file("right/notes.md", isFolder ? "abc" : "")
        _ = try sandbox.file("wrong/notes.md", isFolder ? "xyz" : "")
        let model = "\(sandbox.path)/model"
        let agent = try sandbox.command(
            "comparing",
            """
            case $1 in damaged) copy=wrong ;; *) copy=right ;; esac
            exec unshare -m sh -c 'mkdir -p "$0" && mount --bind "$1" "$0" && exec sh -c "$2"' \(model) \
                \(sandbox.path)/$copy "$2"
            """)
        let path = isFolder ? model : "\(model)/\(names[0])"
        let file = try sandbox.file("hosts", "one\ntwo\ndamaged\n")
        let arguments = [file, "--directory", "\(sandbox.path)/there", "--model", path]
        let environment = ["STAGECOACH_SSH": agent]
        let sizes = try await Launcher.run(script("deploy"), arguments, environment: environment)
        #expect(sizes.succeeded, "\(sizes)")
        let all = try await Launcher.run(script("deploy"), arguments + ["--compare"], environment: environment)
        #expect(all.exitStatus == 1, "\(all)")
        #expect(all.errors == "damaged: its \(names[1]) is not that of one: copy it again\n", "\(all)")
        let states = all.output.split(separator: "\n").dropFirst().map { $0.split(separator: " ").last }
        #expect(states == ["ready", "ready", "wrong"])
    }

    @Test func comparingNeedsAModel() async throws {
        let result = try await deploy("node1\n", ["--compare"])
        #expect(result.exitStatus == 64 && result.errors.contains("--compare goes with --model"), "\(result)")
    }

    /// Machines may have several families; one of them is to start the ranks.
    @Test(.enabled("needs MPICH (scripts/setup --tests)") { await Launcher.hasHydra })
    func theFamilyThatIsAskedForIsCompared() async throws {
        let result = try await deploy("node1\nolder\n", ["--check", "--mpi", "mpich"])
        #expect(result.errors.contains("older: its MPICH or Intel MPI is 3.0.4, here it is "), "\(result)")
        #expect(!result.errors.contains("node1: its") && result.output.contains(" mpich "), "\(result)")
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() async throws {
        let blocked = try sandbox.file("blocked", "")
        let file = try sandbox.file("hosts", "node1\n")
        let result = try await Launcher.run(
            script("deploy"), [file, "--directory", "\(blocked)/there"], environment: ["STAGECOACH_SSH": agent])
        #expect(result.exitStatus == 1, "\(result)")
        #expect(result.errors.contains("node1: the program could not be copied to \(blocked)/there"), "\(result)")
    }
}
