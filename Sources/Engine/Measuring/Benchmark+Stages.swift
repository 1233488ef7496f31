import Ring

/// What a stage did in one phase of a measurement, and how long each part of it took.
public struct StagePhase: Sendable {
    public let times: StageTimes
    /// Bytes of weights that were read: all of them once a microbatch.
    public let weightBytes: Double
    /// Products and additions with them.
    public let operations: Double
}

extension Benchmark {
    /// The decode phase of each stage, by rank: the repetition with the median rate.
    public func decodePhases(_ facts: JobFacts) -> [StagePhase] {
        let median = medianMeasurement
        let tokens = median.interTokenSeconds.count
        return Self.phases(
            median.stages, facts, rows: tokens, logitRows: tokens, microbatches: median.decodeMicrobatches,
            logitMicrobatches: median.decodeMicrobatches)
    }

    /// The prefill phase of each stage, by rank: the repetition with the median rate.
    public func prefillPhases(_ facts: JobFacts) -> [StagePhase] {
        let order = measurements.sorted { $0.prefillRate < $1.prefillRate }
        let median = order[order.count / 2]
        return Self.phases(
            median.prefillStages, facts, rows: median.promptTokens, logitRows: sequences,
            microbatches: median.prefillMicrobatches,
            logitMicrobatches: min(sequences, median.prefillMicrobatches))
    }

    private static func phases(
        _ stages: [StageTimes], _ facts: JobFacts, rows: Int, logitRows: Int, microbatches: Int, logitMicrobatches: Int
    ) -> [StagePhase] {
        zip(stages, facts.plan.shares).map { times, share in
            StagePhase(
                times: times,
                weightBytes: Double(share.layers.bytes) * Double(microbatches)
                    + Double(share.head.bytes) * Double(logitMicrobatches),
                operations: Double(share.layers.operations) * Double(rows)
                    + Double(share.head.operations) * Double(logitRows))
        }
    }
}
