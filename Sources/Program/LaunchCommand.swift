import ArgumentParser
import Glibc
import Launching
import Requests

/// `launch`: mpirun or another launcher, for people. It touches no MPI itself.
struct LaunchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Run a command of this program on the ranks of a hostfile.",
        usage: "stagecoach launch [--hostfile <file>] [--model <path>] [<options>] -- <subcommand> [<arguments>]",
        discussion: """
            Prints the launcher's line for these machines on stderr and runs it. Its exit code is the program's. Its standard \
            input goes to rank 0 where the command reads it (chat, tokenize, --prompts -, a program of your own), and is \
            left alone elsewhere. What the launcher says is shown where it failed and no rank has said why.

              --hostfile FILE     the machines, ranks in the order of its lines
                                  (default: $STAGECOACH_HOSTFILE, or two ranks here)
              --model PATH        the model, at the same path on every machine
              --np N              ranks (default: as many as the hostfile has
                                  slots); past the slots it starts over at the top
              --per-node          one rank on each machine, whatever its slots
              --per-socket        one rank on each CPU socket, bound to it, this
                                  machine's first (machines of several NUMA nodes)
              --threads N         threads of each rank (default: the machine's
                                  cores, shared by the ranks on it)
              --interface NET     the network for MPI: a name (eth0) or, where names
                                  differ, a range (10.0.0.0/24)
              --ports FIRST-LAST  TCP ports to open in firewalls between the
                                  machines. FIRST is mpirun's, so give two runs at
                                  once different ranges; a port rests for a minute
                                  after a run, so take a hundred
              --program PATH      the program of the ranks, at the same path on
                                  every machine (default: $STAGECOACH_PROGRAM or
                                  this one or, where the hostfile names another
                                  machine, the one that scripts/deploy put there);
                                  given a program of your own, SUBCOMMAND may be
                                  missing
              --mpi NAME          whose launcher starts the ranks: openmpi, mpich
                                  (Intel MPI too), or a launcher's name or path
                                  (default: $STAGECOACH_MPI, or mpirun as it is
                                  here); the program runs with each of them
              --mpi "FLAGS"       more flags for the launcher, may be repeated
              --dry-run           print the line, run nothing
              --list-hosts        print each machine of the hostfile, its ranks, and
                                  whether it is this one (local) or another
                                  (remote), run nothing

            A server (serve) that gets SIGTERM or SIGINT through here finishes its answers first; a second one cancels \
            them, a third kills it. Other commands end, and launch dies of the signal as they would alone. Where launch \
            itself is killed, so are its ranks.

            Other STAGECOACH_* variables reach every rank. STAGECOACH_SSH replaces ssh, as in scripts/deploy.
            """)

    @Argument(parsing: .captureForPassthrough, help: .hidden)
    var words: [String] = []

    func run() throws {
        var machine = LocalMachine.current
        let request = try LaunchRequest(words, hostfile: machine.variable("STAGECOACH_HOSTFILE"))
        if request.action == .showHelp { throw CleanExit.helpRequest(self) }
        let hostfile = try request.options.hostfile.map { path throws(LaunchError) in try Hostfile(contentsOf: path) }
        if request.action == .listHosts { return list(hostfile, machine) }
        // Under mpirun a rank cannot see whether a person watches.
        if isatty(STDERR_FILENO) == 1, machine.environment["STAGECOACH_PROGRESS"] == nil {
            machine.environment["STAGECOACH_PROGRESS"] = "1"
        }
        let launcher = try LocalLauncher.find(request.options.launcher, on: machine)
        let line = try LaunchLine(request.options, hostfile, by: launcher, from: machine)
        Console.log(line.words.shellLine + "\n")
        if request.action == .showLine { return }
        try line.check(hostfile, on: machine)
        let signals = SignalQueue.forLaunches()
        let output = try SessionOutput()
        let session = try RankSession(
            line.command, environment: machine.environment, request.options.rules, signals: signals,
            input: request.options.readsInput ? .standard() : .nothing(), output: output.descriptor,
            family: line.family)
        let end = session.wait { output.failure == nil }
        let verdict = LaunchVerdict(end, hosts: hostfile?.hosts ?? [])
        switch output.finish() {
        case nil:
            if end.said.isLineOpen, verdict.message != nil { Console.log("\n") }
            close(verdict, signals)
        // Nobody reads on, as with `head`.
        case .brokenPipe?: signals.die(of: SIGPIPE)
        case let problem?:
            Console.log((end.said.isLineOpen ? "\n" : "") + "launch: \(Console.cannotPrint(problem))\n")
            Glibc.exit(EngineError.Kind.failure.rawValue)
        }
    }

    /// Says what there is to say, and ends as the session did.
    private func close(_ verdict: LaunchVerdict, _ signals: SignalQueue) -> Never {
        for reason in verdict.reasons { Console.log("\(reason)\n") }
        if let message = verdict.message { Console.log("launch: \(message)\n") }
        // A shell's loop ends with Ctrl-C only where the signal ended what it runs.
        if let signal = verdict.signal { signals.die(of: signal) }
        if verdict.status == 0 { Console.confirm(nil) }
        Glibc.exit(verdict.status)
    }

    private func list(_ hostfile: Hostfile?, _ machine: LocalMachine) {
        guard let hostfile else { return }
        for host in hostfile.hosts {
            let ranks = hostfile.slots.count { $0 == host }
            Console.print("\(host) \(ranks) \(machine.isNamed(host) ? "local" : "remote")\n")
        }
    }
}
