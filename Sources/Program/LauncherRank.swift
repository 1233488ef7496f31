import ArgumentParser
import MPI

/// This process's place among those that mpirun or srun started, before MPI is touched.
enum LauncherRank {
    /// Whether this process was started without mpirun or srun.
    static var isAlone: Bool { Launch.current == nil }
    /// Whether this is rank 0, or a process started alone.
    static var isFirst: Bool { (Launch.current?.rank ?? 0) == 0 }
    /// Whether another rank of this host has said before the start whatever this one could, and nobody ends this one for it.
    static var leavesTheWord: Bool { Launch.current.map { $0.starter == .hydra && $0.localRank > 0 } ?? false }

    /// Refuses to run a model in each of several processes that were meant to share it.
    static func refuseStrangers() throws {
        guard let tasks = Launch.strangers else { return }
        throw ValidationError(
            "srun started \(tasks) tasks that know nothing of each other; give it --mpi=pmix for Open MPI or --mpi=pmi2 for "
                + "MPICH and Intel MPI (srun --mpi=list tells whether it can), or use mpirun inside sbatch")
    }
}
