/// What `bench` measured of one number of sequences: medians, rates summed over the sequences.
public struct BenchResult: Codable, Sendable {
    public var ranks: Int
    public var threads: Int
    /// Layers of each rank.
    public var partition: [Int]
    public var sequences: Int
    public var prefillTokensPerSecond: Double
    public var decodeTokensPerSecond: Double
    public var prefillGigaopsPerSecondPerCore: Double
    public var arithmeticPeakShare: Double
    /// The least and the largest of the repetitions.
    public var prefillSpread: [Double]
    public var decodeSpread: [Double]
    public var ttftSeconds: Double
    public var ttftPercentiles: Percentiles
    public var itlSeconds: Percentiles
    /// While prompts keep coming; absent where it was not asked for.
    public var itlSecondsBesidePrompts: Percentiles?
    public var weightGigabytesPerSecond: Double
    /// Of keys and values; absent in reports of builds that did not count them.
    public var cacheGigabytesPerSecond: Double?
    public var readBandwidthShare: Double
    public var stages: [BenchStage]
    /// The `phase` of the stages' times in the trace; only where one is taken.
    public var stagesTracePhase: Int?
    /// What `plan` predicts for the same work.
    public var predicted: TokenRates?
    /// What limits prefill and decode, and why they are not as predicted.
    public var bottleneck: String?
    public var cause: String?

    public init(
        ranks: Int, threads: Int, partition: [Int], sequences: Int, prefillTokensPerSecond: Double,
        decodeTokensPerSecond: Double, prefillGigaopsPerSecondPerCore: Double, arithmeticPeakShare: Double,
        prefillSpread: [Double], decodeSpread: [Double], ttftSeconds: Double, ttftPercentiles: Percentiles,
        itlSeconds: Percentiles, itlSecondsBesidePrompts: Percentiles? = nil, weightGigabytesPerSecond: Double,
        cacheGigabytesPerSecond: Double? = nil, readBandwidthShare: Double, stages: [BenchStage],
        stagesTracePhase: Int? = nil, predicted: TokenRates? = nil, bottleneck: String? = nil, cause: String? = nil
    ) {
        self.ranks = ranks
        self.threads = threads
        self.partition = partition
        self.sequences = sequences
        self.prefillTokensPerSecond = prefillTokensPerSecond
        self.decodeTokensPerSecond = decodeTokensPerSecond
        self.prefillGigaopsPerSecondPerCore = prefillGigaopsPerSecondPerCore
        self.arithmeticPeakShare = arithmeticPeakShare
        self.prefillSpread = prefillSpread
        self.decodeSpread = decodeSpread
        self.ttftSeconds = ttftSeconds
        self.ttftPercentiles = ttftPercentiles
        self.itlSeconds = itlSeconds
        self.itlSecondsBesidePrompts = itlSecondsBesidePrompts
        self.weightGigabytesPerSecond = weightGigabytesPerSecond
        self.cacheGigabytesPerSecond = cacheGigabytesPerSecond
        self.readBandwidthShare = readBandwidthShare
        self.stages = stages
        self.stagesTracePhase = stagesTracePhase
        self.predicted = predicted
        self.bottleneck = bottleneck
        self.cause = cause
    }
}
