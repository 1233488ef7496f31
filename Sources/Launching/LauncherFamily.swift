/// A kind of launcher: how its ranks know themselves, its words for what a launch wants, and how it speaks.
public enum LauncherFamily: Sendable, Equatable {
    /// Open MPI 3 and 4, whose mpirun is ORTE's.
    case openMPI4
    /// Open MPI 5, whose mpirun is PRRTE's.
    case openMPI5
    /// The mpiexec of MPICH.
    case hydra
    /// That of Intel MPI.
    case intelMPI

    /// The variable that tells a rank its number.
    var rankVariable: String {
        switch self {
        case .openMPI4, .openMPI5: "OMPI_COMM_WORLD_RANK"
        case .hydra, .intelMPI: "PMI_RANK"
        }
    }

    /// What people add, since nobody takes away what it says besides.
    var quietWords: [String] {
        switch self {
        case .openMPI4: ["-q"]
        case .openMPI5, .hydra, .intelMPI: []
        }
    }

    /// The launcher's flags, before what each rank runs.
    func words(for demand: LaunchDemand) -> [String] {
        switch self {
        case .openMPI4: OpenMPI4Words.words(for: demand)
        case .openMPI5: OpenMPI5Words.words(for: demand)
        case .hydra: HydraWords.words(for: demand, isIntel: false)
        case .intelMPI: HydraWords.words(for: demand, isIntel: true)
        }
    }

    /// What it cannot be told.
    func refusal(of demand: LaunchDemand) -> LaunchError? {
        switch self {
        case .openMPI4, .openMPI5: nil
        case .hydra, .intelMPI: HydraWords.refusal(of: demand)
        }
    }

    /// The lines between which it sets its messages; nil: it has none.
    var rule: String? {
        switch self {
        case .openMPI4, .openMPI5: OpenMPI4Speech.rule
        case .hydra, .intelMPI: nil
        }
    }

    /// Whether a line of stderr is the launcher's own, or of the libraries that come with it; nil: the rest of it decides.
    func isOwn(_ line: [UInt8]) -> Bool? {
        switch self {
        case .openMPI4, .openMPI5: OpenMPI4Speech.isOwn(line)
        case .hydra, .intelMPI: HydraSpeech.isOwn(line)
        }
    }

    /// Whether it has a child for each of the machines, this one included, as long as ranks run there. MPICH's waits for ever
    /// where each ssh has failed.
    var keepsChildren: Bool {
        switch self {
        case .openMPI4, .openMPI5: false
        case .hydra, .intelMPI: true
        }
    }

    /// How it ended in the terms of the program: hydra exits with the signal that killed a rank, or 255, and the rank's shell
    /// has said which.
    func meaning(of end: ProgramEnd, _ said: LauncherSaid) -> ProgramEnd {
        switch (self, end) {
        case (.hydra, .exited(2...31)), (.intelMPI, .exited(2...31)): .exited(70)
        case (.hydra, .exited(255)) where said.reasons.isEmpty, (.intelMPI, .exited(255)) where said.reasons.isEmpty:
            .exited(70)
        default: end
        }
    }

    /// What follows from its messages, which stood between rules, and its other lines.
    func said(_ messages: [String], _ remarks: [String]) -> LauncherSaid {
        switch self {
        case .openMPI4, .openMPI5: OpenMPI4Speech.said(messages, remarks)
        case .hydra, .intelMPI: HydraSpeech.said(remarks)
        }
    }
}
