import Glibc

/// What the launcher says about this process before MPI starts, from environment variables alone.
///
/// Open MPI's mpirun sets OMPI_COMM_WORLD_*; Slurm's `srun --mpi=pmix` sets PMIX_RANK beside SLURM_*.
public struct Launch: Equatable, Sendable {
    /// This process's rank in the world.
    public let rank: Int
    /// How many ranks were launched.
    public let size: Int
    /// Which of the ranks on this host this process is.
    public let localRank: Int
    /// How many ranks run on this host; nil where the launcher does not say.
    public let localSize: Int?

    /// The launch that this process belongs to; nil when it was started alone.
    public static let current = Launch { name in getenv(name).map { String(cString: $0) } }

    /// How many tasks srun started, where this process is one of them and they cannot find each other because srun did
    /// not give them PMIx: each would take itself for alone. nil otherwise.
    public static let strangers = strangers { name in getenv(name).map { String(cString: $0) } }

    static func strangers(variable: (String) -> String?) -> Int? {
        guard Launch(variable: variable) == nil, let tasks = variable("SLURM_STEP_NUM_TASKS").flatMap({ Int($0) }),
            tasks > 1
        else { return nil }
        return tasks
    }

    init?(variable: (String) -> String?) {
        func number(_ name: String) -> Int? { variable(name).flatMap { Int($0) } }
        if let size = number("OMPI_COMM_WORLD_SIZE"), let rank = number("OMPI_COMM_WORLD_RANK") {
            self.init(
                rank: rank, size: size, localRank: number("OMPI_COMM_WORLD_LOCAL_RANK") ?? 0,
                localSize: number("OMPI_COMM_WORLD_LOCAL_SIZE"))
        } else if let rank = number("PMIX_RANK") {
            let node = number("SLURM_NODEID")
            let perNode = variable("SLURM_STEP_TASKS_PER_NODE").flatMap { Launch.expand($0) }
            let size = number("SLURM_STEP_NUM_TASKS") ?? number("SLURM_NTASKS") ?? perNode?.reduce(0, +) ?? 1
            let localSize = node.flatMap { node in perNode.flatMap { $0.indices.contains(node) ? $0[node] : nil } }
            self.init(rank: rank, size: size, localRank: number("SLURM_LOCALID") ?? 0, localSize: localSize)
        } else {
            return nil
        }
    }

    private init(rank: Int, size: Int, localRank: Int, localSize: Int?) {
        self.rank = rank
        self.size = size
        self.localRank = localRank
        self.localSize = localSize
    }

    /// Tasks by node from Slurm's short form: "2(x3),1" is 2, 2, 2, 1.
    static func expand(_ tasksPerNode: String) -> [Int]? {
        var result: [Int] = []
        for part in tasksPerNode.split(separator: ",") {
            let pieces = part.split(separator: "(")
            guard let tasks = pieces.first.flatMap({ Int($0) }), pieces.count <= 2 else { return nil }
            var nodes = 1
            if pieces.count == 2 {
                guard pieces[1].hasPrefix("x"), pieces[1].hasSuffix(")"),
                    let count = Int(pieces[1].dropFirst().dropLast()),
                    (1...100_000).contains(count)
                else { return nil }
                nodes = count
            }
            result += Array(repeating: tasks, count: nodes)
        }
        return result.isEmpty ? nil : result
    }
}
