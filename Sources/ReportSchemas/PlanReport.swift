/// What `plan --json` prints.
public struct PlanReport: Codable, Sendable {
    /// Layers of each rank.
    public var partition: [Int]
    public var hosts: [Host]
    public var predicted: [Prediction]
    public var bottleneck: String

    public init(
        partition: [Int], hosts: [Host], predicted: [Prediction], bottleneck: String
    ) {
        self.partition = partition
        self.hosts = hosts
        self.predicted = predicted
        self.bottleneck = bottleneck
    }

    /// What one rank holds.
    public struct Host: Codable, Sendable {
        public var host: String
        /// The first layer, and the one after the last.
        public var layers: [Int]
        public var weightBytes: Int
        public var kvBytes: Int

        public init(
            host: String, layers: [Int], weightBytes: Int, kvBytes: Int
        ) {
            self.host = host
            self.layers = layers
            self.weightBytes = weightBytes
            self.kvBytes = kvBytes
        }
    }

    /// How fast it will be with so many sequences.
    public struct Prediction: Codable, Sendable {
        public var sequences: Int
        public var prefillTokensPerSecond: Double
        public var decodeTokensPerSecond: Double
        public var ttftSeconds: Double

        public init(
            sequences: Int, prefillTokensPerSecond: Double, decodeTokensPerSecond: Double, ttftSeconds: Double
        ) {
            self.sequences = sequences
            self.prefillTokensPerSecond = prefillTokensPerSecond
            self.decodeTokensPerSecond = decodeTokensPerSecond
            self.ttftSeconds = ttftSeconds
        }
    }
}
