import Glibc

/// What the launcher says about this process before MPI starts, from environment variables alone.
public struct Launch: Equatable, Sendable {
    /// This process's rank in the world.
    public let rank: Int
    /// How many ranks were launched; 1 where the launcher does not say.
    public let size: Int
    /// Which of the ranks on this host this process is.
    public let localRank: Int
    /// How many ranks run on this host; nil where the launcher does not say.
    public let localSize: Int?
    /// Who started them.
    public let starter: Starter

    /// The launch that this process belongs to; nil when it was started alone.
    public static let current = Launch { name in getenv(name).map { String(cString: $0) } }

    /// How many tasks srun started, where this process is one of them and they cannot find each other because srun did
    /// not give them PMIx or PMI: each would take itself for alone. nil otherwise.
    public static let strangers = strangers { name in getenv(name).map { String(cString: $0) } }

    static func strangers(variable: (String) -> String?) -> Int? {
        guard Launch(variable: variable) == nil, let tasks = variable("SLURM_STEP_NUM_TASKS").flatMap({ Int($0) }),
            tasks > 1
        else { return nil }
        return tasks
    }

    init?(variable: (String) -> String?) {
        func number(_ name: String) -> Int? { variable(name).flatMap { Int($0) } }
        let task = SlurmTask(variable: variable)
        if let rank = number("OMPI_COMM_WORLD_RANK"), let size = number("OMPI_COMM_WORLD_SIZE") {
            self.init(
                rank: rank, size: size, localRank: number("OMPI_COMM_WORLD_LOCAL_RANK") ?? 0,
                localSize: number("OMPI_COMM_WORLD_LOCAL_SIZE"), starter: .mpirun)
        } else if let rank = number("PMI_RANK"), let size = number("PMI_SIZE") {
            // A shell of srun's is one too, and what is started in it is alone.
            if size == 1, task.isStep, number("MPI_LOCALRANKID") == nil { return nil }
            // Hydra's variables have Slurm's beside them where it runs inside of a job.
            let localRank = number("MPI_LOCALRANKID")
            self.init(
                rank: rank, size: size, localRank: localRank ?? task.localRank ?? 0,
                localSize: localRank == nil ? task.localSize : number("MPI_LOCALNRANKS"),
                starter: localRank == nil && task.isStep ? .srunPMI : .hydra)
        } else if let rank = number("PMIX_RANK") {
            self.init(
                rank: rank, size: task.size ?? 1, localRank: task.localRank ?? 0, localSize: task.localSize,
                starter: task.isStep ? .srunPMIx : .unknown)
        } else {
            return nil
        }
    }

    private init(rank: Int, size: Int, localRank: Int, localSize: Int?, starter: Starter) {
        self.rank = rank
        self.size = size
        self.localRank = localRank
        self.localSize = localSize
        self.starter = starter
    }
}
