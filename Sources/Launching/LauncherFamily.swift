/// A kind of launcher: what it is called, how its ranks know themselves, and its words for what a launch wants.
public enum LauncherFamily: Sendable, Equatable {
    /// Open MPI 3 and 4, whose mpirun is ORTE's.
    case openMPI4

    /// Looked up in PATH; messages call it so, too.
    var command: String {
        switch self {
        case .openMPI4: "mpirun"
        }
    }

    /// The variable that tells a rank its number.
    var rankVariable: String {
        switch self {
        case .openMPI4: "OMPI_COMM_WORLD_RANK"
        }
    }

    /// What people add, since nobody takes away what it says besides.
    var quietWords: [String] {
        switch self {
        case .openMPI4: ["-q"]
        }
    }

    /// The launcher and its flags, before what each rank runs.
    func words(for demand: LaunchDemand) -> [String] {
        switch self {
        case .openMPI4: [command] + OpenMPI4Words.words(for: demand)
        }
    }

    /// Whether a line of stderr is a rule between which the launcher sets its messages.
    func isRule(_ line: String) -> Bool {
        switch self {
        case .openMPI4: OpenMPI4Speech.isRule(line)
        }
    }

    /// Whether a line of stderr is the launcher's own, or of the libraries that come with it; nil: the rest of it decides.
    func isOwn(_ line: [UInt8]) -> Bool? {
        switch self {
        case .openMPI4: OpenMPI4Speech.isOwn(line)
        }
    }

    /// What follows from its messages, which stood between rules, and its other lines.
    func said(_ messages: [String], _ remarks: [String]) -> LauncherSaid {
        switch self {
        case .openMPI4: OpenMPI4Speech.said(messages, remarks)
        }
    }
}
