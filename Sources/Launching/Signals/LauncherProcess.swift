import Glibc

/// The process that started this rank: mpirun, or its daemon on this machine.
enum LauncherProcess {
    /// nil where this process is no rank of theirs. Slurm's daemon passes signals on as mpirun does, but leaves ranks the time
    /// that the cluster grants (KillWait), so its signals are as anyone's.
    ///
    /// Between a rank and its launcher there may be shells, which share the variable that names the rank.
    static var identifier: pid_t? {
        let variable = LauncherFamily.openMPI4.rankVariable
        guard getenv(variable) != nil else { return nil }
        var process = getppid()
        while process > 1, ProcessTable.isRank(process, by: variable) {
            guard let parent = ProcessTable.parent(of: process) else { return nil }
            process = parent
        }
        return process
    }
}
