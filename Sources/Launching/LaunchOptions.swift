/// What a person asks of a launch.
public struct LaunchOptions: Sendable, Equatable {
    public enum Placement: Sendable, Equatable {
        /// As many ranks on a machine as it has slots.
        case slots
        /// One rank on each machine, whatever its slots.
        case nodes
        /// One rank on each CPU socket, bound to it, this machine's first.
        case sockets
    }

    public struct Ports: Sendable, Equatable {
        let first: Int
        let last: Int
    }

    /// nil: all ranks on this machine.
    public var hostfile: String?
    /// The model, at the same path on every machine.
    public var model: String?
    /// nil: as many as there are places.
    public var ranks: Int?
    public var placement = Placement.slots
    /// Of each rank; nil: the machine's cores, shared by the ranks on it.
    public var threads: Int?
    /// The network for MPI, by name or as a range of addresses.
    public var interface: String?
    /// The TCP ports that are open between the machines.
    public var ports: Ports?
    /// The program, at the same path on every machine.
    public var program: String?
    /// Whose launcher starts the ranks: `openmpi`, `mpich`, or a launcher's name or path; nil: the one that is here.
    public var launcher: String?
    /// More flags for mpirun.
    public var mpiFlags: [String] = []
    /// A subcommand and what follows it.
    public var arguments: [String]

    public init(hostfile: String? = nil, ranks: Int? = nil, program: String? = nil, arguments: [String] = []) {
        self.hostfile = hostfile
        self.ranks = ranks
        self.program = program
        self.arguments = arguments
    }

    /// Whether the ranks can be asked to end when their answers are finished.
    public var isService: Bool { arguments.first == "serve" }

    /// How the session of a person's launch may end.
    public var rules: SessionRules {
        var rules = SessionRules.interactive(isService: isService)
        rules.isAskedToTalk = asksLauncherToTalk
        return rules
    }

    /// Whether rank 0 reads standard input. Who does not read it must leave it to whoever does: a shell's loop over lines, or
    /// the shell itself.
    public var readsInput: Bool {
        if mpiFlags.contains("-stdin") || mpiFlags.contains("--stdin") { return true }
        switch arguments.first {
        case "chat": return true
        case "tokenize": return !arguments.contains { $0 == "--decode" || $0.hasPrefix("--decode=") }
        case "generate", "score", "serve", "plan", "bench", "verify", "inspect", "quantize", "split", "synth":
            return namesInput
        // A program of the user's own; a shell that has its commands has no use for more.
        default: return arguments.first != "-c"
        }
    }

    /// Whether an option's value is standard input.
    private var namesInput: Bool {
        let pairs = arguments.flatMap { word in
            let parts = word.hasPrefix("--") ? word.split(separator: "=", maxSplits: 1).map(String.init) : [word]
            return parts.isEmpty ? [word] : parts
        }
        return zip(pairs, pairs.dropFirst()).contains { name, value in
            name.hasPrefix("--") && !Self.namesOfTexts.contains(name) && Self.namesOfInput.contains(value)
        }
    }

    private static let namesOfInput: Set<String> = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]
    private static let namesOfTexts: Set<String> = ["--prompt", "--system", "--stop"]

    /// Whether the user wants to know more of what mpirun does.
    private var asksLauncherToTalk: Bool {
        mpiFlags.contains { flag in
            flag == "-v" || flag == "-d" || ["verbose", "report", "display", "debug"].contains { flag.contains($0) }
        }
    }

    /// Whether rank 0 is to write a trace. A prompt may well speak of one.
    var takesTrace: Bool { arguments.contains { $0 == "--trace" || $0.hasPrefix("--trace=") } }
}
