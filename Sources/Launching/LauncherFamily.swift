/// A kind of launcher: what it is called, how its ranks know themselves, and its words for what a launch wants.
enum LauncherFamily: Sendable, Equatable {
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

    /// The launcher and its flags, before what each rank runs.
    func words(for demand: LaunchDemand) -> [String] {
        switch self {
        case .openMPI4: [command] + OpenMPI4Words.words(for: demand)
        }
    }
}
