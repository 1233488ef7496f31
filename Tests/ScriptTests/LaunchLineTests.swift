import TestSupport
import Testing

/// The mpirun line that `scripts/launch` makes of a hostfile and its options.
@Suite struct LaunchLineTests {
    /// What the script prints, without running it.
    private func line(_ options: [String], environment: [String: String?] = [:]) async throws -> String {
        let result = try await Launcher.run(
            script("launch"), ["--dry-run"] + options + ["--", "generate", "--prompt", "two words"],
            environment: environment)
        #expect(result.succeeded && result.output.isEmpty, "\(result)")
        return result.errors
    }

    @Test func localhostTakesTwoRanks() async throws {
        let line = try await line(["--program", "/p", "--model", "/m.gguf", "--threads", "3"])
        #expect(line.hasPrefix("mpirun -q "))
        #expect(line.contains(" -np 2 --hostfile \(hostfile("localhost")) --bind-to none "))
        #expect(line.contains(" --mca mpi_yield_when_idle 1 "))
        #expect(line.hasSuffix(" /p generate --model /m.gguf --threads 3 --prompt 'two words'\n"))
        #expect(!line.contains("--oversubscribe") && !line.contains("keepalive"))
    }

    @Test func moreRanksThanSlotsOversubscribe() async throws {
        #expect(try await line(["--np", "3"]).contains(" -np 3 ") == true)
        #expect(try await line(["--np", "3"]).contains(" --oversubscribe "))
    }

    @Test func ranksFollowTheLinesOfTheFile() async throws {
        let file = hostfile("uneven-machines")
        let slots = try await line(["--hostfile", file])
        #expect(slots.contains(" -np 4 --hostfile \(file) --host bignode,bignode,node2,192.168.1.30 --map-by seq "))
        let one = try await line(["--hostfile", file, "--per-node"])
        #expect(one.contains(" -np 3 --hostfile \(file) --host bignode,node2,192.168.1.30 --map-by seq "))
        let around = try await line(["--hostfile", file, "--np", "5"])
        #expect(around.contains(" --host bignode,bignode,node2,192.168.1.30,bignode "))
        #expect(around.contains("oob_tcp_keepalive_time"))
    }

    @Test func ranksCanOwnSockets() async throws {
        let line = try await line(["--hostfile", hostfile("two-machines"), "--per-socket"])
        #expect(line.contains(" --map-by ppr:1:socket ") && line.contains(" --bind-to socket "))
        #expect(!line.contains("-np") && !line.contains("--host "))
    }

    @Test func networkAndPorts() async throws {
        let line = try await line(["--interface", "10.0.0.0/24", "--ports", "35000-35099"])
        for parameter in [
            "btl_tcp_if_include 10.0.0.0/24", "oob_tcp_if_include 10.0.0.0/24", "oob_tcp_dynamic_ipv4_ports 35000",
            "btl_tcp_port_min_v4 35001", "btl_tcp_port_range_v4 99", "oob_tcp_dynamic_ipv6_ports 35000",
            "btl_tcp_port_min_v6 35001", "btl_tcp_port_range_v6 99",
        ] {
            #expect(line.contains(" --mca \(parameter) "), "\(parameter)")
        }
    }

    @Test func variablesReachTheRanks() async throws {
        let environment = ["STAGECOACH_ISA": "avx2", "STAGECOACH_SSH": "/agent -v", "STAGECOACH_CACHE": "/cache"]
        let line = try await line(["--mpi", "--report-bindings --tag-output"], environment: environment)
        #expect(line.contains(" -x STAGECOACH_ISA=avx2 ") && line.contains(" --report-bindings --tag-output "))
        #expect(line.contains(" --mca plm_rsh_agent '/agent -v' ") && !line.contains("STAGECOACH_CACHE"))
    }

    /// A key in the command line would stand in the list of processes, and here on stderr.
    @Test func theKeyReachesTheRanksUnseen() async throws {
        let line = try await line([], environment: ["STAGECOACH_API_KEY": "secret"])
        #expect(line.contains(" -x STAGECOACH_API_KEY ") && !line.contains("secret"))
    }

    @Test func theEnvironmentCanNameHostsAndProgram() async throws {
        let environment = ["STAGECOACH_HOSTFILE": hostfile("two-machines"), "STAGECOACH_PROGRAM": "/p/stagecoach"]
        let line = try await line([], environment: environment)
        #expect(line.contains(" --host node1,node2 ") && line.contains(" /p/stagecoach generate "))
        #expect(!line.contains(" -x "))
        #expect(try await self.line(["--program", "/q"], environment: environment).contains(" /q generate "))
    }

    @Test(arguments: [
        (["--np", "0", "--", "x"], "--np 0"), (["--np"], "--np needs a value"), (["--nonsense"], "--nonsense"),
        ([], "--"),
        (["--ports", "1-2", "--", "x"], "--ports 1-2"), (["--ports", "35000-35001", "--", "x"], "one port more"),
    ])
    func wrongUseIsOneSentence(_ arguments: [String], _ says: String) async throws {
        let result = try await Launcher.run(script("launch"), arguments)
        #expect(result.exitStatus == 64 && result.errors.contains(says), "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: ["# nobody\n", "slots=2\n", "node1\nnode2 slots=none\n", "node1 slots=0\n"])
    func badHostfilesAreRefused(_ text: String) async throws {
        let sandbox = try Sandbox()
        let path = try sandbox.file("hosts", text)
        let result = try await Launcher.run(script("launch"), ["--hostfile", path, "--", "x"])
        #expect(result.exitStatus == 65 && result.errors.contains(path), "\(result)")
        #expect(result.errors.split(separator: "\n").count == 1)
    }
}
