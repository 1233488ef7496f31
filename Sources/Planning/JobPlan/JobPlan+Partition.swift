extension JobPlan {
    /// Shares out the layers as `profile` advises, for as many full sequences as were asked for, or as fit. Where not even
    /// one fits, layers stay as they are: that is told when memory is sought.
    ///
    /// - Parameter held: What ranks hold already, which is taken where it is hardly slower.
    /// - Returns: The partition that would have been taken without what ranks hold; nil where it is taken.
    @discardableResult
    public mutating func decide(on profile: ClusterProfile, keeping held: HeldLayers? = nil) -> Partition? {
        know(profile)
        guard let (best, search) = best(on: profile) else { return nil }
        let kept = held.flatMap { search.best(keeping: $0, insteadOf: best) }
        adopt((kept ?? best).layerCounts)
        return kept == nil || kept == best ? nil : best
    }

    private func best(on profile: ClusterProfile) -> (partition: Partition, search: PartitionSearch)? {
        var sequences = memory.byteLimit == nil ? memory.sequences : 1
        while sequences > 0 {
            let demand = MemoryDemand(
                costs.shape, kvType: costs.kvType, context: memory.context, sequences: sequences,
                rowCapacity: costs.rowCapacity)
            let found = PartitionSearch.best(
                for: workload, on: profile, costs: costs, microbatches: flight.microbatches, demand: demand)
            if let found { return found }
            sequences /= 2
        }
        return nil
    }
}

extension Workload {
    /// Where many sequences run side by side, as in a service, answers are as long as what is new of their prompts.
    static func usual(_ memory: JobMemory, _ flight: JobFlight) -> Workload {
        let isContinuous = memory.sequences > 1
        let prompt = min(isContinuous ? 256 : 512, max(1, memory.context / 2))
        return Workload(
            promptTokens: prompt, generateTokens: min(isContinuous ? 256 : 128, memory.context - prompt + 1),
            sequences: memory.sequences, chunk: flight.chunk, isContinuous: isContinuous)
    }
}
