import Clusters
import FoundationEssentials
import ModelFiles
import Requests

/// Where a rank keeps its slice, and how much of it is there.
struct SlicePlace {
    let path: String
    /// Bytes that need not come.
    let offset: Int
    /// Whether the slice is for this run only.
    let isTemporary: Bool
    private let byteCount: Int
    /// nil: the slice is complete.
    private let incoming: IncomingSlice?

    init(_ offer: SliceOffer, _ offered: SliceOffer.Slice, _ cluster: Cluster, _ configuration: JobConfiguration) throws
    {
        let slice = offer.slice(of: cluster.rank)
        byteCount = offered.byteCount
        isTemporary = !configuration.keepsSlices
        let temporary = "\(FileManager.default.temporaryDirectory.path)/stagecoach-\(cluster.runID)"
        let cache =
            isTemporary ? SliceCache(folder: temporary, limit: .max) : SliceCache(configuration)
        try cache.prepare()
        path = cache.path(slice)
        if cache.size(path) == byteCount, Self.holds(path, slice, offered.weightHash) {
            cache.touch(path)
            incoming = nil
            offset = byteCount
            return
        }
        try cache.makeRoom(for: byteCount, keeping: path)
        let incoming = try IncomingSlice(path: path, byteCount: byteCount)
        self.incoming = incoming
        offset = incoming.offset
    }

    /// Whether the file is the slice, as far as a sample of each tensor tells.
    private static func holds(_ path: String, _ slice: ModelSlice, _ weightHash: UInt64) -> Bool {
        guard let model = try? Model(path: path), model.slice == slice else { return false }
        return model.weightHash(layers: slice.layers, includingEnds: false) == weightHash
    }

    /// Takes what is missing from rank 0.
    func fetch(_ cluster: Cluster) throws {
        guard let incoming else { return }
        let isEqual = try cluster.accept(byteCount: byteCount, from: offset, hash: incoming.hash) {
            try incoming.append($0)
        }
        guard isEqual else {
            incoming.discard()
            throw EngineError.failure("the slice that came is not what rank 0 has; start again")
        }
        try incoming.publish()
    }
}
