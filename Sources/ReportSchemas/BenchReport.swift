/// What `bench --json` prints: the machine, and a result for each number of sequences.
public struct BenchReport: Codable, Sendable {
    public var version: String
    public var model: String
    /// Only where it is: nothing was computed, and times are those that described hosts would take.
    public var emulated: Bool?
    public var machine: Machine
    public var loading: LoadingReport?
    public var results: [BenchResult]

    public init(
        version: String, model: String, emulated: Bool? = nil, machine: Machine, loading: LoadingReport? = nil,
        results: [BenchResult]
    ) {
        self.version = version
        self.model = model
        self.emulated = emulated
        self.machine = machine
        self.loading = loading
        self.results = results
    }

    /// Rank 0's machine, and what it can do at most.
    public struct Machine: Codable, Sendable, Equatable {
        public var host: String
        public var processor: String
        public var cores: Int
        /// Cores whose time quotas leave to rank 0; only where that is less than it may use.
        public var cpuQuota: Double?
        public var instructionSet: String
        public var readGigabytesPerSecond: Double
        /// Of a pair of barriers between the threads of a rank.
        public var barrierSeconds: Double
        public var integerGigaopsPerSecondPerCore: Double
        public var floatGigaopsPerSecondPerCore: Double

        public init(
            host: String, processor: String, cores: Int, cpuQuota: Double? = nil, instructionSet: String,
            readGigabytesPerSecond: Double, barrierSeconds: Double, integerGigaopsPerSecondPerCore: Double,
            floatGigaopsPerSecondPerCore: Double
        ) {
            self.host = host
            self.processor = processor
            self.cores = cores
            self.cpuQuota = cpuQuota
            self.instructionSet = instructionSet
            self.readGigabytesPerSecond = readGigabytesPerSecond
            self.barrierSeconds = barrierSeconds
            self.integerGigaopsPerSecondPerCore = integerGigaopsPerSecondPerCore
            self.floatGigaopsPerSecondPerCore = floatGigaopsPerSecondPerCore
        }
    }
}
