extension Launch {
    /// Who starts ranks, told by the variables that it sets.
    public enum Starter: Equatable, Sendable, CustomStringConvertible {
        /// Open MPI's mpirun: OMPI_COMM_WORLD_*.
        case mpirun
        /// The mpiexec of MPICH, Intel MPI and their kind: PMI_RANK with MPI_LOCALRANKID.
        case hydra
        /// `srun --mpi=pmix`: PMIX_RANK beside SLURM_*.
        case srunPMIx
        /// `srun --mpi=pmi2`: PMI_RANK beside SLURM_*.
        case srunPMI
        /// Another launcher that speaks PMIx.
        case unknown

        public var description: String {
            switch self {
            case .mpirun: "Open MPI's mpirun"
            case .hydra: "the mpiexec of MPICH or Intel MPI"
            case .srunPMIx: "srun --mpi=pmix"
            case .srunPMI: "srun --mpi=pmi2"
            case .unknown: "a launcher that speaks PMIx"
            }
        }

        /// Whose ranks it starts, the likelier first.
        var families: [LibraryFamily] {
            switch self {
            case .mpirun: [.openMPI]
            case .hydra: [.mpich]
            case .srunPMIx, .unknown: [.openMPI, .mpich]
            case .srunPMI: [.mpich, .openMPI]
            }
        }
    }
}
