/// What a rank did while it was measured. Times, bytes and operations at the top are those of decoding.
public struct BenchStage: Codable, Sendable {
    public var rank: Int
    public var host: String
    /// The first layer, and the one after the last.
    public var layers: [Int]
    public var computeSeconds: Double
    public var waitSeconds: Double
    public var sendSeconds: Double
    public var weightBytes: Double
    public var operations: Double
    public var prefill: Phase

    public init(rank: Int, host: String, layers: [Int], decode: Phase, prefill: Phase) {
        self.rank = rank
        self.host = host
        self.layers = layers
        computeSeconds = decode.computeSeconds
        waitSeconds = decode.waitSeconds
        sendSeconds = decode.sendSeconds
        weightBytes = decode.weightBytes
        operations = decode.operations
        self.prefill = prefill
    }

    /// The decode phase, like the other.
    public var decode: Phase {
        Phase(
            computeSeconds: computeSeconds, waitSeconds: waitSeconds, sendSeconds: sendSeconds,
            weightBytes: weightBytes, operations: operations)
    }

    /// Where the time of one phase went.
    public struct Phase: Codable, Sendable, Equatable {
        public var computeSeconds: Double
        public var waitSeconds: Double
        public var sendSeconds: Double
        /// Bytes of weights that the stage read, and the operations it did with them.
        public var weightBytes: Double
        public var operations: Double

        public init(
            computeSeconds: Double, waitSeconds: Double, sendSeconds: Double, weightBytes: Double, operations: Double
        ) {
            self.computeSeconds = computeSeconds
            self.waitSeconds = waitSeconds
            self.sendSeconds = sendSeconds
            self.weightBytes = weightBytes
            self.operations = operations
        }
    }
}
