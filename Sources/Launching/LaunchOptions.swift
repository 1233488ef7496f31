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

    /// Whether rank 0 is to write a trace. A prompt may well speak of one.
    var takesTrace: Bool { arguments.contains { $0 == "--trace" || $0.hasPrefix("--trace=") } }
}
