/// Where the model runs: what the server tells of the ranks.
public struct ServedLayout: Sendable {
    /// Of each rank.
    let hosts: [String]
    /// Layers of each rank.
    let partition: [Int]
    /// Of rank 0.
    let threadCount: Int
    let instructionSet: String
    /// Bytes the model file stores for the tensors that a token reads.
    let weightBytesPerToken: Int

    public init(
        hosts: [String], partition: [Int], threadCount: Int, instructionSet: String, weightBytesPerToken: Int
    ) {
        self.hosts = hosts
        self.partition = partition
        self.threadCount = threadCount
        self.instructionSet = instructionSet
        self.weightBytesPerToken = weightBytesPerToken
    }
}
