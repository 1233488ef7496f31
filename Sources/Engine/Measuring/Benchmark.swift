import Figures
import Kernels
import Ring

/// Repeated measurements of one kind of work, summed up by their medians.
public struct Benchmark: Sendable {
    public let sequences: Int
    public let measurements: [Measurement]
    /// Seconds between tokens while prompts keep coming, of all sequences; nil where it was not asked for.
    public let besidePrompts: [Double]?
    /// Bytes the model file stores for the tensors read per token.
    public let weightBytes: Int
    /// Bytes of a position's keys and values in all layers.
    public let cacheBytesPerPosition: Int
    /// Positions that a token sees in the middle of decoding.
    private let depth: Int
    /// Bytes a second of a plain read with rank 0's threads.
    public let readBandwidth: Double
    /// What a core of rank 0 can multiply at most.
    public let arithmeticPeak: ArithmeticPeak

    /// Operations a second of a core while prefilling: 2 for each weight of a layer, and for each token of the prompt.
    public func prefillOperationRate(_ facts: JobFacts) -> Double {
        let operations = facts.plan.operationsPerRow
        return Double(operations.integers + operations.floats) * prefillRates.percentile(50)
            / Double(facts.threadCount * facts.rankCount)
    }

    /// What this model's mix of integers and floats could reach at most, operations a second of a core.
    public func operationPeak(_ facts: JobFacts) -> Double {
        let operations = facts.plan.operationsPerRow
        return arithmeticPeak.rate(integers: Double(operations.integers), floats: Double(operations.floats))
    }

    /// Measures `repetitions` times after one run that is not counted.
    ///
    /// - Parameter prompt: The length of prompts beside which decoding is measured too.
    public init(
        _ coordinator: Coordinator, promptTokens: Int, generateTokens: Int, sequences: Int, repetitions: Int,
        besidePromptsOf prompt: Int? = nil, facts: JobFacts, readBandwidth: Double, arithmeticPeak: ArithmeticPeak,
        onRepetition: (Int) -> Void
    ) throws {
        _ = try coordinator.measure(
            promptTokens: promptTokens, generateTokens: min(8, generateTokens), sequences: sequences)
        measurements = try (0..<repetitions).map { repetition in
            onRepetition(repetition)
            return try coordinator.measure(
                promptTokens: promptTokens, generateTokens: generateTokens, sequences: sequences)
        }
        besidePrompts = try prompt.map { length in
            try (0..<repetitions).flatMap { _ in
                try coordinator.measureBesidePrompts(
                    of: length, promptTokens: promptTokens, generateTokens: generateTokens, sequences: sequences)
            }
        }
        self.sequences = sequences
        weightBytes = facts.weightBytesPerToken
        cacheBytesPerPosition = facts.cacheBytesPerPosition
        depth = promptTokens + generateTokens / 2
        self.readBandwidth = readBandwidth
        self.arithmeticPeak = arithmeticPeak
    }

    public var prefillRates: [Double] { measurements.map(\.prefillRate) }
    public var decodeRates: [Double] { measurements.map(\.decodeRate) }
    public var timeToFirstToken: Double { timeToFirstToken(percentile: 50) }

    /// A percentile of the time to the first token, over all sequences and repetitions.
    public func timeToFirstToken(percentile: Int) -> Double {
        measurements.flatMap(\.timesToFirstToken).percentile(percentile)
    }

    /// A percentile of the time between tokens, over all repetitions.
    public func interTokenSeconds(percentile: Int) -> Double {
        measurements.flatMap(\.interTokenSeconds).percentile(percentile)
    }

    /// Bytes of weights read a second while decoding.
    public var weightBandwidth: Double {
        measurements.map { Double($0.decodeMicrobatches) / $0.decodeSeconds }.percentile(50) * Double(weightBytes)
    }
    /// Bytes of keys and values read a second while decoding, as if no layer had a sliding window.
    public var cacheBandwidth: Double { decodeRates.percentile(50) * Double(depth * cacheBytesPerPosition) }
    /// Both, as a share of the read bandwidth.
    public var readBandwidthShare: Double { (weightBandwidth + cacheBandwidth) / readBandwidth }

    /// Where the time of the decode phase went, by rank: the repetition with the median rate.
    public var stages: [StageTimes] { medianMeasurement.stages }
    /// The number by which a trace knows the events of that; nil where none is taken.
    public var decodePhase: Int? { medianMeasurement.decodePhase }

    /// The repetition with the median rate of decoding.
    var medianMeasurement: Measurement {
        measurements.sorted { $0.decodeRate < $1.decodeRate }[measurements.count / 2]
    }
}
