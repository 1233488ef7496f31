import Clusters
import Kernels
import ModelFiles
import Planning

/// Which rank is to hold which layers where some lack the model: known before anything travels.
///
/// Rank 0 tells the others the model's shape, so that all can measure what decides a plan. What ranks have in their caches is
/// worth a slightly slower partition, since it need not travel again.
struct SlicePartition {
    let configuration: JobConfiguration
    let cluster: Cluster
    let lacking: [Int]

    /// Rank 0's part of a decision.
    struct Chosen {
        let model: Model
        var partition: Partition
    }

    struct Decision {
        /// nil on other ranks than 0.
        var chosen: Chosen?
        /// nil where nothing had to be measured.
        var profile: ClusterProfile?
        var notes: [String] = []
    }

    /// What rank 0 tells of a model whose layers are to be shared out.
    private struct Outline: Codable {
        var shape: ModelShape
        var contextLength: Int
        var identity: UInt64
    }

    init(_ configuration: JobConfiguration, _ cluster: Cluster, lacking: [Int]) {
        self.configuration = configuration
        self.cluster = cluster
        self.lacking = lacking
    }

    /// The same partition on all ranks, as it is asked for or planned.
    func decide() throws(Failure) -> Decision {
        let chosen = try cluster.agree { cluster.rank == 0 ? try given() : nil }
        guard let outline = try cluster.fromRankZero(cluster.agree { try chosen.flatMap { try outline(of: $0.model) } })
        else {
            return Decision(chosen: chosen)
        }
        let (profile, taken) = try profile(outline)
        let held = try heldLayers(outline.identity)
        guard var chosen else { return Decision(profile: profile) }
        var plan = JobPlan(
            configuration, outline.shape, context: outline.contextLength, chosen.partition, .even)
        let planned = plan.decide(on: profile, keeping: held)
        chosen.partition = plan.partition
        return Decision(
            chosen: chosen, profile: profile,
            notes: [taken, planned.map { note($0, plan.partition) }].compactMap { $0 })
    }

    private func given() throws -> Chosen {
        let model = try Model(path: configuration.modelPath, quantization: configuration.quantization)
        return Chosen(
            model: model, partition: try Partition.chosen(configuration, model, rankCount: cluster.size).0)
    }

    /// nil where the partition is settled.
    private func outline(of model: Model) throws -> Outline? {
        guard configuration.partition == nil, model.slice?.partition == nil else { return nil }
        return Outline(
            shape: ModelShape(model), contextLength: configuration.contextLength(of: model),
            identity: try model.identity())
    }

    private func profile(_ outline: Outline) throws(Failure) -> (ClusterProfile, note: String?) {
        let emulation = try cluster.agree {
            try configuration.emulation.map { try Emulation($0, rankCount: cluster.size) }
        }
        if let emulation { return (emulation.profile, nil) }
        let survey = Survey(
            outline.shape, kvType: configuration.kvType.elementType, threads: configuration.threads,
            effort: configuration.probeEffort)
        return try survey.profile(cluster, from: configuration.profileSource)
    }

    /// What the caches of ranks that lack the model hold of it.
    private func heldLayers(_ identity: UInt64) throws(Failure) -> HeldLayers {
        let isLacking = lacking.contains(cluster.rank)
        let own =
            isLacking && configuration.keepsSlices ? SliceCache(configuration).layers(of: identity) : []
        let lines = own.map { "\($0.lowerBound) \($0.upperBound)" }.joined(separator: "\n")
        let all = try cluster.share(Array(lines.utf8))
        return HeldLayers(
            all.enumerated().map { rank, bytes in
                guard lacking.contains(rank) else { return nil }
                return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
                    let bounds = line.split(separator: " ").compactMap { Int($0) }
                    return bounds.count == 2 && bounds[0] < bounds[1] ? bounds[0]..<bounds[1] : nil
                }
            })
    }

    private func note(_ planned: Partition, _ kept: Partition) -> String {
        "layers \(kept), as the ranks' caches have them: hardly slower than the planned ones, which "
            + "--partition \(planned) takes"
    }
}
