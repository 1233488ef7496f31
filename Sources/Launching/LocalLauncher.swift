import Glibc

/// A launcher that is here: which kind it is, and what starts it.
public struct LocalLauncher: Sendable, Equatable {
    let family: LauncherFamily
    /// A name, looked up in PATH, or a path.
    public let command: String

    init(_ family: LauncherFamily, command: String) {
        self.family = family
        self.command = command
    }

    /// The usual one, be it here or not.
    static let usual = LocalLauncher(.openMPI4, command: "mpirun")

    /// The launcher to take.
    ///
    /// - Parameter wanted: `openmpi`, `mpich`, or a launcher's name or path; nil: what the variable STAGECOACH_MPI says, or else
    ///   the machine's mpirun or mpiexec.
    /// - Throws: Where it is none of them.
    public static func find(_ wanted: String?, on machine: LocalMachine) throws(LaunchError) -> LocalLauncher {
        let setting = machine.variable("STAGECOACH_MPI").flatMap { names[$0] == nil ? nil : $0 }
        guard let wanted = wanted ?? setting else {
            let all = ["mpirun", "mpiexec", "mpirun.openmpi", "mpiexec.hydra", "mpiexec.mpich", "prterun"]
            return all.lazy.compactMap { known($0, on: machine) }.first ?? usual
        }
        if let names = names[wanted] {
            let found = names.compactMap { known($0, on: machine) }.first { $0.family.isOf(wanted) }
            guard let found else {
                throw .notReady("there is no launcher of \(wanted) here: run scripts/setup --mpi \(wanted)")
            }
            return found
        }
        guard let found = known(wanted, on: machine) else {
            throw .notReady(
                "there is no launcher \(wanted) here: --mpi takes openmpi, mpich, a launcher, or flags for it")
        }
        return found
    }

    /// What the launchers of a family of libraries are called, by themselves and where several are installed.
    private static let names = [
        "openmpi": ["mpirun", "mpiexec", "mpirun.openmpi", "prterun"],
        "mpich": ["mpiexec", "mpirun", "mpiexec.hydra", "mpiexec.mpich"],
    ]

    private static func known(_ command: String, on machine: LocalMachine) -> LocalLauncher? {
        guard let path = machine.path(of: command) else { return nil }
        return LocalLauncher(LauncherFamily(ofProgramAt: path) { access($0, X_OK) == 0 }, command: command)
    }
}

extension LauncherFamily {
    /// Tells a launcher by what its file is called in the end, and by what comes with it.
    ///
    /// - Parameter exists: Whether a path is a program's.
    init(ofProgramAt path: String, exists: (String) -> Bool) {
        let file = realpath(path, nil).map { resolved in
            defer { free(resolved) }
            return String(cString: resolved)
        }
        let words = (file ?? path).split(separator: "/")
        let name = words.last ?? ""
        let folder = "/" + words.dropLast().joined(separator: "/")
        let isHydra = name.contains("hydra") || name.contains("mpich")
        let isOpenMPI = name == "orterun" || name == "prterun" || name.contains("openmpi")
        if isHydra || !isOpenMPI && exists("\(folder)/hydra_pmi_proxy") {
            self = exists("\(folder)/hydra_bstrap_proxy") ? .intelMPI : .hydra
        } else {
            self = name != "orterun" && exists("\(folder)/prterun") ? .openMPI5 : .openMPI4
        }
    }

    /// Whether it starts ranks of the libraries that are called so.
    func isOf(_ libraries: String) -> Bool {
        switch self {
        case .openMPI4, .openMPI5: libraries == "openmpi"
        case .hydra, .intelMPI: libraries == "mpich"
        }
    }
}
