import Clusters
import ModelFiles
import Planning

/// Gives the ranks that lack the model their slices of it, from rank 0, before anything else is done with it.
struct Provisioning {
    private let cluster: Cluster
    private let configuration: JobConfiguration

    /// The model as this rank finds it now.
    struct Outcome {
        var configuration: JobConfiguration
        /// What hosts and links can do, where that had to be known to share out the layers.
        var profile: ClusterProfile?
        /// What people may want to know of it; rank 0's.
        var notes: [String] = []
        /// This rank's slice, which stays where it is until the model is open.
        fileprivate var place: SlicePlace?

        /// The model is open; its file stays until the run ends.
        func release() { place?.release() }
    }

    init(_ configuration: JobConfiguration, _ cluster: Cluster) {
        self.configuration = configuration
        self.cluster = cluster
    }

    /// - Parameter onProgress: Told on rank 0 how many more bytes of how many are under way.
    func run(onProgress: (Int, Int) -> Void) throws(Failure) -> Outcome {
        let flags = try cluster.share(Model.exists(at: configuration.modelPath) ? [] : [1])
        let lacking = flags.indices.filter { !flags[$0].isEmpty }
        // A rank 0 without the model is told so where it opens it.
        guard !lacking.isEmpty, lacking.first != 0 else { return Outcome(configuration: configuration) }
        let decision = try SlicePartition(configuration, cluster, lacking: lacking).decide()
        let files = try cluster.agree { try decision.chosen.map { try sliceFiles($0, for: lacking) } }
        let messages = try cluster.share(try cluster.agree { try files.map { try offer($0).encoded } ?? [] })
        let offered = try cluster.agree { try SliceOffer(decoding: messages[0]) }
        let place = try cluster.agree {
            try offered.slices[cluster.rank].map { try SlicePlace(offered, $0, cluster, configuration) }
        }
        let offsets = try cluster.share(withUnsafeBytes(of: (place?.offset ?? 0).littleEndian, Array.init)).map {
            bytes in
            Int(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(as: Int.self) })
        }
        try cluster.agree(.messages) {
            if let files {
                try deliver(files, offsets, onProgress)
            } else if let place {
                try place.fetch(cluster)
            }
        }
        var outcome = Outcome(configuration: configuration, profile: decision.profile, notes: decision.notes)
        outcome.configuration.partition = offered.partition.map(String.init).joined(separator: ",")
        if let place {
            outcome.configuration.modelPath = place.path.string
            outcome.place = place
        }
        return outcome
    }

    /// Rank 0: the slices of the ranks that lack the model.
    private func sliceFiles(_ chosen: SlicePartition.Chosen, for lacking: [Int]) throws -> OutgoingSlices {
        let (model, partition) = (chosen.model, chosen.partition)
        let identity = try model.identity()
        var files: [Int: SliceFile] = [:]
        for rank in lacking {
            files[rank] = try SliceFile(
                model, ModelSlice(layers: partition.layers(of: rank), holdsEnds: false, identity: identity))
        }
        return OutgoingSlices(model: model, identity: identity, partition: partition.layerCounts, files: files)
    }

    private func offer(_ slices: OutgoingSlices) throws -> SliceOffer {
        SliceOffer(
            partition: slices.partition, identity: slices.identity,
            slices: try (0..<cluster.size).map { rank in
                try slices.files[rank].map { file in
                    SliceOffer.Slice(
                        byteCount: file.byteCount,
                        weightHash: try slices.model.weightHash(layers: file.slice.layers, includingEnds: false))
                }
            })
    }

    private func deliver(_ slices: OutgoingSlices, _ offsets: [Int], _ onProgress: (Int, Int) -> Void) throws {
        let wanted = slices.files.filter { $0.value.byteCount > offsets[$0.key] }
        let total = wanted.reduce(0) { $0 + $1.value.byteCount }
        let deliveries = wanted.sorted { $0.key < $1.key }.map { rank, file in
            Delivery(to: rank, byteCount: file.byteCount, from: offsets[rank]) { try file.read($0, into: $1) }
        }
        try cluster.deliver(deliveries) { onProgress($0, total) }
    }
}

/// What rank 0 has for the others.
private struct OutgoingSlices {
    let model: Model
    let identity: UInt64
    let partition: [Int]
    let files: [Int: SliceFile]
}
