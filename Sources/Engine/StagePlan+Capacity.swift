import Clusters
import Microbatches
import Planning
import Transformer

/// How many blocks of keys and values every rank can hold.
extension StagePlan {
    /// What all ranks can hold: as much as is asked for, or as the one with the least memory has.
    ///
    /// - Throws: The same failure on every rank where not even one sequence of the context's length fits.
    func kvCapacity(_ cluster: Cluster) throws(Failure) -> KVCapacity {
        var capacity = KVCapacity.roomy(slotCount: configuration.maxSequences, contextLength: contextLength)
        let (wanted, needed) = (capacity.blockCount, capacity.blocksPerSlot + 1)
        let (count, rank) = try cluster.minimum(min(wanted, affordableBlockCount(cluster)))
        guard count >= needed else {
            let room = max(0, count - 1) * KVCapacity.positionsPerBlock
            let place =
                cluster.size == 1 && emulation == nil ? "this host has" : "rank \(rank) on \(facts.hosts[rank]) has"
            throw Failure(
                status: 64,
                message:
                    "a context of \(contextLength) tokens does not fit: \(place) memory for the keys and values of "
                    + "\(room); ask for less with --context, use --kv-type q8_0, raise --kv-memory or add a rank")
        }
        capacity.blockCount = count
        return capacity
    }

    private func affordableBlockCount(_ cluster: Cluster) -> Int {
        let blockBytes =
            partition.layers(of: rank).count
            * KVCache.blockByteCount(model.configuration, type: configuration.kvType)
        guard blockBytes > 0 else { return .max }
        if let emulation { return emulatedBlockCount(emulation.host(of: rank), blockBytes: blockBytes) }
        if let memory = configuration.kvMemory { return memory / blockBytes }
        guard let available = HostMemory.available else { return .max }
        return max(0, available / cluster.ranksOnHost - sliceByteCount) / 10 * 9 / blockBytes
    }

    private func emulatedBlockCount(_ host: HostProfile, blockBytes: Int) -> Int {
        let rest = host.memoryBytes.map { max(0, $0 - sliceByteCount) / 10 * 9 } ?? .max
        return min(configuration.kvMemory ?? .max, rest) / blockBytes
    }
}
