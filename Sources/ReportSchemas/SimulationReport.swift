/// What `plan --simulate --json` prints.
public struct SimulationReport: Codable, Sendable {
    public var ranks: Int
    /// Layers of each rank.
    public var partition: [Int]
    public var sequences: Int
    public var requests: Int
    public var seconds: Double
    public var promptTokensPerSecond: Double
    public var generatedTokensPerSecond: Double
    public var ttftSeconds: Percentiles
    public var itlSeconds: Percentiles
    public var microbatches: Int
    public var bubbleFraction: Double
    public var stages: [Stage]

    public init(
        ranks: Int, partition: [Int], sequences: Int, requests: Int, seconds: Double, promptTokensPerSecond: Double,
        generatedTokensPerSecond: Double, ttftSeconds: Percentiles, itlSeconds: Percentiles, microbatches: Int,
        bubbleFraction: Double, stages: [Stage]
    ) {
        self.ranks = ranks
        self.partition = partition
        self.sequences = sequences
        self.requests = requests
        self.seconds = seconds
        self.promptTokensPerSecond = promptTokensPerSecond
        self.generatedTokensPerSecond = generatedTokensPerSecond
        self.ttftSeconds = ttftSeconds
        self.itlSeconds = itlSeconds
        self.microbatches = microbatches
        self.bubbleFraction = bubbleFraction
        self.stages = stages
    }

    public struct Stage: Codable, Sendable {
        public var rank: Int
        public var host: String
        /// The first layer, and the one after the last.
        public var layers: [Int]
        /// The share of the time that it computes.
        public var utilization: Double

        public init(
            rank: Int, host: String, layers: [Int], utilization: Double
        ) {
            self.rank = rank
            self.host = host
            self.layers = layers
            self.utilization = utilization
        }
    }
}
