import Scheduling

/// How a run keeps work in flight.
public struct JobFlight: Sendable, Equatable, Codable {
    /// Microbatches in flight; nil: as the work and, where they are known, the costs advise.
    public var microbatches: Int?
    /// Rows of a microbatch of prompts; nil: as the costs advise, at most the plan's row capacity.
    public var chunk: Int?

    public init(microbatches: Int? = nil, chunk: Int? = nil) {
        self.microbatches = microbatches
        self.chunk = chunk
    }
}

extension JobPlan {
    /// What bounds the frames of a run, which all ranks have to know.
    public var frameLimits: SchedulerLimits {
        SchedulerLimits(
            capacity: memory.capacity, rowCapacity: rowCapacity, stageCount: partition.rankCount,
            microbatches: flight.microbatches)
    }

    /// What rank 0 schedules by: the same, with what stages and edges take where that is known.
    public var schedulerLimits: SchedulerLimits {
        guard let profile else { return frameLimits }
        return SchedulerLimits(
            memory.capacity, costs.stages(partition, on: profile.crowdedHosts ?? profile.hosts), edges: profile.edges,
            costs: costs, chunk: flight.chunk, microbatches: flight.microbatches)
    }
}
