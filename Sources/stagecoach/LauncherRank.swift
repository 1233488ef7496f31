import MPI

/// This process's place among those that mpirun or srun started, before MPI is touched.
enum LauncherRank {
    /// Whether this process was started without mpirun or srun.
    static var isAlone: Bool { Launch.current == nil }
    /// Whether this is rank 0, or a process started alone.
    static var isFirst: Bool { (Launch.current?.rank ?? 0) == 0 }
}
