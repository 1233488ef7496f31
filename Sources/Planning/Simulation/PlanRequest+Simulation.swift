import Microbatches
import Scheduling

extension PlanRequest {
    /// Serves the requests of `pattern` on the planned stages, as many side by side as the plan has sequences.
    public func simulate(_ pattern: RequestPattern, _ partition: Partition) -> SimulatedOutcome {
        // With many requests all ranks are busy: what hosts do then counts.
        let stages = costs.stages(partition, on: cluster.crowdedHosts ?? cluster.hosts)
        let limits = SchedulerLimits(
            KVCapacity.roomy(slotCount: sequences.max()!, contextLength: context), stages, edges: cluster.edges,
            costs: costs, chunk: chunk, microbatches: microbatches)
        var simulation = PipelineSimulation(stages, edges: cluster.edges, costs: costs, limits: limits)
        return simulation.run(pattern.requests)
    }
}
