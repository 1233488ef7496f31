import Planning

/// What a report says about the run it comes from.
public struct JobFacts: Sendable {
    /// What was decided of the run before it began.
    public let plan: JobPlan
    /// Threads of rank 0.
    public let threadCount: Int
    /// Cores whose time quotas leave to rank 0; nil: that of all that it may use.
    public let cpuQuota: Double?
    /// The host of each rank.
    public let hosts: [String]
    /// What rank 0's host is said to do; only in an emulated run, in which nothing is computed.
    public let emulatedHost: HostProfile?
    /// The kernels that rank 0 uses.
    public let instructionSet: String
    /// Bytes in memory of the tensors that a token reads: fewer than in the file where the run quantizes them.
    public let weightBytesPerToken: Int
    /// How long the weights took; nil in an emulated run, which reads none.
    public internal(set) var loading: Loading?

    public var rankCount: Int { plan.rankCount }
    /// Layers of each rank.
    public var partition: [Int] { plan.partition.layerCounts }
    /// Bytes of the keys and values that one position has in all layers.
    public var cacheBytesPerPosition: Int {
        Int((plan.costs.cachedBytesPerPosition * Double(plan.partition.layerCount)).rounded())
    }

    /// What this run's ranks are going to take for some work; nil where they were not measured.
    public func prediction(of workload: Workload) -> Prediction? {
        plan.profile.map {
            Prediction(workload, plan.partition, on: $0, costs: plan.costs, microbatches: plan.flight.microbatches)
        }
    }

    /// Whether times are those that hosts described by the user would take.
    public var isEmulated: Bool { emulatedHost != nil }
}
