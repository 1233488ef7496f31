/// Which layers go where, what they need, and how fast that is going to be.
public struct Plan: Sendable {
    public struct Stage: Sendable {
        public var host: String
        public var threads: Int
        /// See ``HostProfile/cpuQuota``.
        public var cpuQuota: Double?
        public var layers: Range<Int>
        public var weightBytes: Int
        public var kvBytes: Int
        /// The program, messages and what layers work in.
        public var otherBytes: Int
        public var memoryBytes: Int?

        public var totalBytes: Int {
            let (sum, overflow) = (weightBytes + otherBytes).addingReportingOverflow(kvBytes)
            return overflow ? .max : sum
        }
    }

    public let partition: Partition
    public let stages: [Stage]
    /// One for each number of sequences.
    public let predictions: [Prediction]

    /// What limits prompts and decode with the last number of sequences.
    public var bottleneck: String {
        let (last, hosts) = (predictions.last!, stages.map(\.host))
        let (prefill, decode) = (last.prefillBottleneck.description(hosts), last.bottleneck.description(hosts))
        return prefill == decode ? decode : "decode: \(decode); prefill: \(prefill)"
    }

    /// - Throws: ``PlanRefusal`` where no partition fits the hosts' memory.
    public init(_ request: PlanRequest) throws(PlanRefusal) {
        let partition = try request.partitionThatFits()
        let demand = request.demand
        self.partition = partition
        stages = request.cluster.hosts.enumerated().map { rank, host in
            let layers = partition.layers(of: rank)
            return Stage(
                host: host.name, threads: host.threads, cpuQuota: host.cpuQuota, layers: layers,
                weightBytes: demand.weightBytes(layers, rank: rank),
                kvBytes: demand.kvBytes(layerCount: layers.count), otherBytes: demand.otherBytes(rank: rank),
                memoryBytes: host.memoryBytes)
        }
        predictions = request.sequences.map {
            Prediction(
                request.workload($0), partition, on: request.cluster, costs: request.costs,
                microbatches: request.microbatches)
        }
    }
}
