import Testing

@testable import Launching

@Suite struct LaunchLineTests {
    private static let spread = "a slots=2\nb\n"

    private func line(
        _ hosts: String?, _ options: LaunchOptions, root: Bool = false, environment: [String: String] = [:]
    ) throws -> LaunchLine {
        let machine = LocalMachine(
            names: ["here", "10.0.0.1"], isRoot: root, environment: environment, program: "/p/stagecoach")
        return try LaunchLine(options, try hosts.map { try Hostfile($0, path: "/h") }, by: .usual, from: machine)
    }

    private func words(
        _ hosts: String?, ranks: Int? = nil, root: Bool = false, environment: [String: String] = [:],
        _ change: (inout LaunchOptions) -> Void = { _ in }
    ) throws -> String {
        var options = LaunchOptions(ranks: ranks, arguments: ["bench", "--json"])
        change(&options)
        return try line(hosts, options, root: root, environment: environment).words.shellLine
    }

    @Test func thisMachineAlone() throws {
        #expect(
            try words(nil, ranks: 3, root: true)
                == "mpirun -q --allow-run-as-root -np 3 --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 "
                + "/p/stagecoach bench --json")
        #expect(try words(nil).hasPrefix("mpirun -q -np 2 --oversubscribe "))
    }

    @Test func slotsOfOneMachine() throws {
        let hosts = "# two\nlocalhost slots=2 # here\n"
        #expect(try words(hosts).hasPrefix("mpirun -q -np 2 --hostfile /h --bind-to none "))
        #expect(try words(hosts, ranks: 3).contains(" -np 3 --hostfile /h --oversubscribe "))
        #expect(try words(hosts) { $0.placement = .nodes }.contains(" -np 1 "))
    }

    @Test func ranksFollowTheLines() throws {
        #expect(try words(Self.spread, ranks: 4).contains(" --host a,a,b,a --map-by seq --bind-to none "))
        #expect(try words(Self.spread, ranks: 1).contains(" --host a --map-by seq "))
        #expect(try words(Self.spread).contains(" -np 3 "))
        #expect(try words(Self.spread) { $0.placement = .nodes }.contains(" -np 2 --hostfile /h --host a,b "))
    }

    @Test func socketsAreCountedByMPIRun() throws {
        let words = try words(Self.spread) { $0.placement = .sockets }
        #expect(words.contains(" --hostfile /h --map-by ppr:1:socket --oversubscribe --bind-to socket "))
        #expect(!words.contains("-np") && !words.contains("--host "))
    }

    /// A rank on another machine may fall silent with it, and has the program where it was deployed.
    @Test(arguments: ["here", "10.0.0.1", "me@here", "localhost", "::1", "elsewhere"])
    func otherMachinesAreTold(_ host: String) throws {
        let words = try words("\(host)\n", environment: ["HOME": "/home/me"])
        let isOther = host == "elsewhere"
        #expect(words.contains(" --mca oob_tcp_keepalive_time 60 --mca oob_tcp_keepalive_intvl 10 ") == isOther)
        #expect(words.contains(" /home/me/.local/lib/stagecoach/stagecoach bench") == isOther)
    }

    /// mpirun by itself takes node1.lab for node1.
    @Test(arguments: [
        ("node1.lab\nnode2.lab\n", true), ("here\nworker.1.foo\n", true), ("me@node.lab\n", true), ("node1\n", false),
        ("10.1.2.3\n", false), ("fd00::2\n", false),
    ])
    func fullNamesAreKept(_ hosts: String, _ areKept: Bool) throws {
        #expect(try words(hosts).contains(" --mca orte_keep_fqdn_hostnames 1 ") == areKept)
    }

    /// Nobody sees what ssh asks. Who has said how machines are reached has said it all.
    @Test func sshAsksNothing() throws {
        let words = " --mca plm_rsh_args '-o BatchMode=yes -o ConnectTimeout=10' "
        #expect(try self.words(Self.spread).contains(words))
        #expect(try !self.words("here slots=2\n").contains("BatchMode"))
        for name in ["STAGECOACH_SSH", "OMPI_MCA_plm_rsh_agent", "OMPI_MCA_plm_rsh_args"] {
            #expect(try !self.words(Self.spread, environment: [name: "/agent"]).contains("BatchMode"))
        }
        let own = try self.words(Self.spread) { $0.mpiFlags = ["--mca", "plm_rsh_args", "-p 22"] }
        #expect(!own.contains("BatchMode"))
    }

    @Test func aFileThatMPIRunWouldReadOtherwiseIsSpelledOut() throws {
        let one = try words("localhost slots=2\r\n")
        #expect(one.hasPrefix("mpirun -q -np 2 --host localhost:2 --bind-to none "))
        let several = try words("a:2\nb\n")
        #expect(several.hasPrefix("mpirun -q -np 3 --host a,a,b --map-by seq --bind-to none "))
        let sockets = try words("a:2\nb\n") { $0.placement = .sockets }
        #expect(sockets.hasPrefix("mpirun -q --host a:2,b:1 --map-by ppr:1:socket "))
    }

    @Test func portsAreShared() throws {
        let words = try words(Self.spread, ranks: 9) { $0.ports = .init(first: 2000, last: 2009) }
        for family in [4, 6] {
            #expect(words.contains(" --mca oob_tcp_dynamic_ipv\(family)_ports 2000 "))
            #expect(words.contains(" --mca btl_tcp_port_min_v\(family) 2001 --mca btl_tcp_port_range_v\(family) 9 "))
        }
        for (first, last) in [(2000, 2008), (1000, 1999), (65000, 70000), (2009, 2000)] {
            let error = #expect(throws: LaunchError.self) {
                try self.words(Self.spread, ranks: 9) { $0.ports = .init(first: first, last: last) }
            }
            #expect(error?.status == 64 && error?.description.contains("--ports \(first)-\(last) ") == true)
        }
    }

    @Test func variablesReachTheRanks() throws {
        let environment = [
            "STAGECOACH_ISA": "avx2", "STAGECOACH_SSH": "/agent -v", "STAGECOACH_HOSTFILE": "/h", "HOME": "/root",
            "STAGECOACH_API_KEY": "secret", "STAGECOACH_EMPTY": "",
        ]
        let words = try words(nil, environment: environment)
        #expect(
            words.contains(
                " --mca plm_rsh_agent '/agent -v' -x STAGECOACH_API_KEY -x STAGECOACH_EMPTY= -x STAGECOACH_ISA=avx2 "
                    + "/p/stagecoach "))
        #expect(!words.contains("HOSTFILE") && !words.contains("HOME") && !words.contains("secret"))
    }

    @Test func theProgramsWordsFollow() throws {
        let words = try words(nil) {
            $0.model = "/m"
            $0.threads = 3
            $0.mpiFlags = ["--tag-output"]
        }
        #expect(words.hasSuffix(" --tag-output /p/stagecoach bench --model /m --threads 3 --json"))
        #expect(try self.words(nil) { $0.program = "/q" }.hasSuffix(" /q bench --json"))
        #expect(try self.words(nil, environment: ["STAGECOACH_PROGRAM": "/e"]).hasSuffix(" /e bench --json"))
        let bare = try line(nil, LaunchOptions(program: "/q"))
        #expect(bare.program == ["/q"])
    }

    @Test func aShellStandsBeforeEachRank() throws {
        let line = try line(nil, LaunchOptions(arguments: ["bench"]))
        #expect(Array(line.command.prefix(line.mpirun.count + 2)) == line.mpirun + ["sh", "-c"])
        #expect(Array(line.command.suffix(3)) == ["rank", "/p/stagecoach", "bench"])
    }

    /// That shell waits for a trace, which a prompt may well speak of, and for what a service says to its clients.
    @Test(arguments: [
        (["generate", "--prompt", "what does --trace do?"], false), (["generate", "--prompt=--trace"], false),
        (["generate", "--traces", "f"], false), (["bench", "--trace", "f"], true), (["bench", "--trace=f"], true),
        (["serve"], true), (["serve", "--trace=f"], true),
    ])
    func aTraceIsAnOption(_ arguments: [String], _ isTaken: Bool) throws {
        let line = try line(nil, LaunchOptions(arguments: arguments))
        #expect(line.command.contains { $0.contains("trap 'ended=yes' TERM INT") } == isTaken)
    }

    /// Before ranks have met nobody else can say where a silent one is.
    @Test func ranksAreToldEachOthersHosts() throws {
        let told = "STAGECOACH_RANK_HOSTS=a,a,b"
        let line = try line(Self.spread, LaunchOptions(arguments: ["bench"]))
        #expect(line.command.contains { $0.contains("export \(told)\n") } && !line.words.contains { $0.contains(told) })
        let odd = try self.line("a'b\n$c\n", LaunchOptions(arguments: ["bench"]))
        #expect(odd.command.contains { $0.contains(#"export 'STAGECOACH_RANK_HOSTS=a'\''b,$c'"# + "\n") })
        let alone = try self.line("a slots=2\n", LaunchOptions(arguments: ["bench"]))
        #expect(!alone.command.contains { $0.contains("STAGECOACH_RANK_HOSTS") })
    }
}
