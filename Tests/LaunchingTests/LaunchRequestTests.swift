import Testing

@testable import Launching

@Suite struct LaunchRequestTests {
    private func parse(_ line: String) throws -> LaunchRequest {
        try LaunchRequest(line.split(separator: " ").map(String.init), hostfile: "/default")
    }

    @Test func everyOptionIsTaken() throws {
        let request = try parse(
            "--hostfile /h --model /m --np 3 --per-node --threads 2 --interface eth0 --ports 35000-35099 --program /p "
                + "--mpi -a --mpi -b -- serve --port 1 -- x")
        var options = LaunchOptions(
            hostfile: "/h", ranks: 3, program: "/p", arguments: ["serve", "--port", "1", "--", "x"])
        options.model = "/m"
        options.placement = .nodes
        options.threads = 2
        options.interface = "eth0"
        options.ports = .init(first: 35000, last: 35099)
        options.mpiFlags = ["-a", "-b"]
        #expect(request.options == options && request.action == .run && request.options.isService)
    }

    @Test func whatFollowsTheFirstWordIsTheProgramsOwn() throws {
        let request = try parse("--np 1 generate --np 2 --help")
        #expect(request.options.arguments == ["generate", "--np", "2", "--help"] && request.options.ranks == 1)
        #expect(request.options.hostfile == "/default" && !request.options.isService)
    }

    @Test func theLastOneCounts() throws {
        let options = try parse("--np 1 --per-node --np 4 --per-socket x").options
        #expect(options.ranks == 4 && options.placement == .sockets)
    }

    @Test func valuesMayBeginWithADash() throws {
        #expect(try parse("--mpi --report-bindings x").options.mpiFlags == ["--report-bindings"])
        let flags = try LaunchRequest(["--mpi", " --a  1\t-b", "x"], hostfile: nil).options.mpiFlags
        #expect(flags == ["--a", "1", "-b"])
    }

    @Test func emptyValuesAskForNothing() throws {
        let words = [
            "--hostfile", "", "--np", "", "--threads", "", "--ports", "", "--model", "", "--interface", "", "--program",
            "", "--mpi", "", "x",
        ]
        let request = try LaunchRequest(words, hostfile: nil)
        #expect(request.options == LaunchOptions(arguments: ["x"]))
        let options = try LaunchRequest(["--hostfile", "/h", "--hostfile", "", "x"], hostfile: "/default").options
        #expect(options.hostfile == "/default")
    }

    @Test func actions() throws {
        #expect(try parse("--dry-run x").action == .showLine)
        #expect(try parse("--list-hosts").action == .listHosts)
        #expect(try parse("--np 2 -h").action == .showHelp)
        #expect(try parse("--program /p").options.arguments == [])
    }

    @Test(arguments: [
        ("", "say what to run after --, for example: -- generate --prompt \"Hello\""), ("--np 2 --", "say what to run"),
        ("--nonsense x", "unknown option --nonsense; the program's own options follow --"),
        ("-n 2 x", "unknown option -n"), ("--np", "--np needs a value"), ("--mpi", "--mpi needs a value"),
        ("--np 0 x", "--np 0 is not a number of ranks"), ("--np -1 x", "--np -1 is not a number of ranks"),
        ("--np +1 x", "--np +1 is not"), ("--np 99999999999999999999 x", "is not a number of ranks"),
        ("--threads 02 x", "--threads 02 is not a number of threads"),
        ("--ports 1-2 x", "--ports 1-2 is not FIRST-LAST, like 35000-35099"),
        ("--ports 35000 x", "--ports 35000 is not"),
        ("--ports 35000-35001-2 x", "--ports 35000-35001-2 is not"), ("--ports 35000-350001 x", "is not FIRST-LAST"),
    ])
    func wrongUseIsOneSentence(_ line: String, _ sentence: String) {
        let error = #expect(throws: LaunchError.self) { try parse(line) }
        #expect(error?.description.contains(sentence) == true && error?.status == 64)
        #expect(error?.description.hasSuffix(" (see launch --help)") == true)
    }

    /// Input that is not read stays with whoever else reads it.
    @Test(arguments: [
        ("chat", true), ("tokenize", true), ("tokenize --decode 1,2", false), ("generate --prompts -", true),
        ("generate --prompts=-", true), ("score --text-file /dev/stdin", true), ("generate --prompt -", false),
        ("generate --prompts f", false), ("serve", false), ("bench", false), ("generate --stop - --prompt a", false),
    ])
    func inputIsReadByWhoSaysSo(_ line: String, _ isRead: Bool) throws {
        #expect(try parse(line).options.readsInput == isRead)
    }

    /// So does a program of one's own, but for a shell that has its commands; and who is told so with mpirun's words.
    @Test func inputOfOtherPrograms() throws {
        #expect(try parse("--program /p").options.readsInput && parse("--program /p -- x -").options.readsInput)
        #expect(try !parse("--program /bin/sh -- -c exit").options.readsInput)
        #expect(try LaunchRequest(["--mpi", "--stdin 0", "bench"], hostfile: nil).options.readsInput)
    }

    @Test func mpirunMayBeAskedToTalk() throws {
        let rules = try LaunchRequest(["--mpi", "--report-bindings", "bench"], hostfile: nil).options.rules
        #expect(try rules.isAskedToTalk && !parse("--mpi --oversubscribe bench").options.rules.isAskedToTalk)
    }
}
