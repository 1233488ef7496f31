import Clusters
import FoundationEssentials
import ModelFiles
import Requests
import SystemPackage

/// Where a rank keeps its slice, and how much of it is there.
struct SlicePlace {
    let path: FilePath
    /// Bytes that need not come.
    let offset: Int
    private let byteCount: Int
    /// The slice's file: nobody removes it while it is open here.
    private let file: FileDescriptor
    /// nil: the slice is complete.
    private let incoming: IncomingSlice?

    init(_ offer: SliceOffer, _ offered: SliceOffer.Slice, _ cluster: Cluster, _ configuration: JobConfiguration) throws
    {
        guard configuration.keepsSlices else {
            let folder = FilePath(FileManager.default.temporaryDirectory.path)
            self.init(incoming: try IncomingSlice(temporaryIn: folder, byteCount: offered.byteCount))
            return
        }
        let slice = offer.slice(of: cluster.rank)
        let cache = SliceCache(configuration)
        try cache.prepare()
        let path = cache.path(slice)
        if let file = cache.open(path, byteCount: offered.byteCount) {
            if Self.holds(path, slice, offered.weightHash) {
                self.init(complete: file, path: path, byteCount: offered.byteCount)
                return
            }
            try? file.close()
        }
        try cache.makeRoom(for: offered.byteCount, keeping: path)
        self.init(incoming: try IncomingSlice(path: path, byteCount: offered.byteCount))
    }

    private init(complete file: FileDescriptor, path: FilePath, byteCount: Int) {
        (self.path, self.file, self.byteCount) = (path, file, byteCount)
        (offset, incoming) = (byteCount, nil)
    }

    private init(incoming: IncomingSlice) {
        (path, file, byteCount) = (incoming.path, incoming.file, incoming.byteCount)
        (offset, self.incoming) = (incoming.offset, incoming)
    }

    /// Whether the file is the slice, as far as a sample of each tensor tells.
    private static func holds(_ path: FilePath, _ slice: ModelSlice, _ weightHash: UInt64) -> Bool {
        guard let model = try? Model(path: path.string), model.slice == slice else { return false }
        return (try? model.weightHash(layers: slice.layers, includingEnds: false)) == weightHash
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

    /// Lets the cache remove the slice again; one that is for this run only goes as soon as nobody has it open.
    func release() { try? file.close() }
}
