import Hostfiles
import Testing

@testable import Sweeps

/// The line is the one that `scripts/launch` makes.
@Suite struct LaunchLineTests {
    private func line(
        _ hosts: String?, ranks: Int, root: Bool = false, environment: [String: String] = [:]
    ) throws -> String {
        let launch = LaunchLine(
            hostfile: try hosts.map { try Hostfile($0, path: "/h") }, program: "/p/stagecoach", isRoot: root,
            localNames: ["here"], environment: environment)
        return launch.words(ranks: ranks, ["bench", "--json"]).shellLine
    }

    @Test func thisMachineAlone() throws {
        #expect(
            try line(nil, ranks: 2, root: true)
                == "mpirun -q --allow-run-as-root -np 2 --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 "
                + "/p/stagecoach bench --json")
    }

    @Test func slotsOfOneMachine() throws {
        let hosts = "# two\nlocalhost slots=2 # here\n"
        #expect(try line(hosts, ranks: 2).hasPrefix("mpirun -q -np 2 --hostfile /h --bind-to none "))
        #expect(try line(hosts, ranks: 3).contains(" --oversubscribe "))
        #expect(try !line("here\n", ranks: 1).contains("keepalive"))
    }

    @Test func ranksFollowTheLines() throws {
        let hosts = "a slots=2\nb\n"
        let line = try line(hosts, ranks: 4)
        #expect(line.contains(" --host a,a,b,a --map-by seq --bind-to none "))
        #expect(line.contains(" --mca oob_tcp_keepalive_time 60 "))
        #expect(try self.line(hosts, ranks: 1).contains(" --host a --map-by seq "))
    }

    @Test func variablesReachTheRanks() throws {
        let environment = [
            "STAGECOACH_ISA": "avx2", "STAGECOACH_SSH": "/agent -v", "STAGECOACH_HOSTFILE": "/h", "HOME": "/root",
        ]
        let line = try line("a\nb\n", ranks: 2, environment: environment)
        #expect(line.contains(" --mca plm_rsh_agent '/agent -v' -x STAGECOACH_ISA=avx2 /p/stagecoach "))
        #expect(!line.contains("HOSTFILE") && !line.contains("HOME"))
    }
}
