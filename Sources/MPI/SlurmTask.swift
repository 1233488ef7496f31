/// What Slurm says about a process that may be one of a job step's tasks.
struct SlurmTask {
    /// Whether it is one: the script of a job is not.
    let isStep: Bool
    let size: Int?
    let localRank: Int?
    let localSize: Int?

    init(variable: (String) -> String?) {
        func number(_ name: String) -> Int? { variable(name).flatMap { Int($0) } }
        let perNode = variable("SLURM_STEP_TASKS_PER_NODE").flatMap { SlurmTask.expand($0) }
        isStep = number("SLURM_STEP_NUM_TASKS") != nil
        size = number("SLURM_STEP_NUM_TASKS") ?? number("SLURM_NTASKS") ?? perNode?.reduce(0, +)
        localRank = number("SLURM_LOCALID")
        localSize = number("SLURM_NODEID").flatMap { node in
            perNode.flatMap { $0.indices.contains(node) ? $0[node] : nil }
        }
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
