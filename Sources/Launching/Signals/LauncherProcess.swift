import Glibc

/// The process that started this rank: mpirun, or its daemon on this machine.
enum LauncherProcess {
    /// nil where this process is no rank.
    ///
    /// Between a rank and its launcher there may be shells, which share the variable that names the rank.
    static var identifier: pid_t? {
        let variables = LauncherFamily.allCases.map(\.rankVariable) + ["PMIX_RANK"]
        guard let variable = variables.first(where: { name in getenv(name) != nil }) else { return nil }
        var process = getppid()
        while process > 1, ProcessTable.isRank(process, by: variable) {
            guard let parent = ProcessTable.parent(of: process) else { return nil }
            process = parent
        }
        return process
    }
}
