/// What `bench --json` prints, as far as a sweep's report needs it. Fields that are not there in every version are
/// optional; unknown ones are left alone.
public struct BenchOutput: Decodable, Sendable {
    public let version: String?
    public let model: String?
    public let machine: Machine
    public let results: [Result]

    public struct Machine: Decodable, Sendable, Equatable {
        public let host: String
        public let processor: String
        public let cores: Int
        public let instructionSet: String
        public let readGigabytesPerSecond: Double
        public let integerGigaopsPerSecondPerCore: Double
        public let floatGigaopsPerSecondPerCore: Double
    }

    public struct Result: Decodable, Sendable {
        public let ranks: Int
        public let threads: Int
        public let partition: [Int]
        public let sequences: Int
        public let prefillTokensPerSecond: Double
        public let decodeTokensPerSecond: Double
        public let prefillGigaopsPerSecondPerCore: Double
        public let arithmeticPeakShare: Double
        public let prefillSpread: [Double]
        public let decodeSpread: [Double]
        public let ttftSeconds: Double
        public let ttftPercentiles: Percentiles?
        public let itlSeconds: Percentiles
        public let weightGigabytesPerSecond: Double
        public let readBandwidthShare: Double
        public let stages: [Stage]
        public let predicted: Prediction?
        /// What limits the run, and why it is not as predicted.
        public let bottleneck: String?
        public let cause: String?
    }

    public struct Percentiles: Decodable, Sendable {
        public let p50: Double
        public let p95: Double
        public let p99: Double
    }

    /// The times at the top are those of decoding.
    public struct Stage: Decodable, Sendable {
        public let rank: Int
        public let host: String
        public let layers: [Int]
        public let computeSeconds: Double
        public let waitSeconds: Double
        public let sendSeconds: Double
        public let weightBytes: Double?
        public let operations: Double?
        public let prefill: Phase?
    }

    public struct Phase: Decodable, Sendable {
        public let computeSeconds: Double
        public let waitSeconds: Double
        public let sendSeconds: Double
        /// Bytes of weights that the stage read, and the operations it did with them.
        public let weightBytes: Double
        public let operations: Double
    }

    public struct Prediction: Decodable, Sendable {
        public let prefillTokensPerSecond: Double
        public let decodeTokensPerSecond: Double
    }
}

extension BenchOutput.Stage {
    /// The decode phase like the other; nil where the program did not count its work.
    var decode: BenchOutput.Phase? {
        guard let weightBytes, let operations else { return nil }
        return BenchOutput.Phase(
            computeSeconds: computeSeconds, waitSeconds: waitSeconds, sendSeconds: sendSeconds,
            weightBytes: weightBytes, operations: operations)
    }
}

extension BenchOutput.Result {
    /// The share of the stages' time in which they computed nothing: waiting for work, or handing it on.
    var decodeBubble: Double? { Self.bubble(stages.map { ($0.computeSeconds, $0.waitSeconds, $0.sendSeconds) }) }
    var prefillBubble: Double? {
        let phases = stages.compactMap(\.prefill)
        guard phases.count == stages.count else { return nil }
        return Self.bubble(phases.map { ($0.computeSeconds, $0.waitSeconds, $0.sendSeconds) })
    }

    private static func bubble(_ stages: [(compute: Double, wait: Double, send: Double)]) -> Double? {
        let busy = stages.reduce(0) { $0 + $1.compute }
        let elapsed = stages.map { $0.compute + $0.wait + $0.send }.max() ?? 0
        guard elapsed > 0 else { return nil }
        return min(1, max(0, 1 - busy / (elapsed * Double(stages.count))))
    }
}
