import FoundationEssentials
import ModelFiles
import Platform
import Requests
import SystemPackage

/// A folder of slices that came from rank 0, so that the next start finds them on this machine's disk.
///
/// Ranks and runs use it at the same time: whoever writes a file has its lock, whoever is about to open one shares it, and
/// what is locked is not removed, whatever the limit.
struct SliceCache {
    let folder: FilePath
    /// Bytes that all slices together may take, the one that is coming included.
    let limit: Int

    /// The cache that a user asks for.
    init(_ configuration: JobConfiguration) {
        let folder = configuration.cacheFolder.map { FilePath($0) } ?? CacheFolder.standard.appending("slices")
        self.init(folder: folder, limit: configuration.cacheSize)
    }

    init(folder: FilePath, limit: Int) {
        self.folder = folder
        self.limit = limit
    }

    /// Where `slice` is kept.
    func path(_ slice: ModelSlice) -> FilePath {
        let identity = String(slice.identity, radix: 16)
        let ends = slice.holdsEnds ? "ends-" : ""
        return folder.appending("\(identity)-\(ends)\(slice.layers.lowerBound)-\(slice.layers.upperBound).gguf")
    }

    /// Layers of the slices without ends that are here, by their names, of the model called `identity`.
    func layers(of identity: UInt64) -> [Range<Int>] {
        let (start, end) = ("\(String(identity, radix: 16))-", ".gguf")
        return names.filter { $0.hasPrefix(start) && $0.hasSuffix(end) }.compactMap { name in
            let bounds = name.dropFirst(start.count).dropLast(end.count).split(separator: "-").compactMap { Int($0) }
            return bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]..<bounds[1] : nil
        }
    }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.string)) ?? [] }

    /// Makes the folder.
    func prepare() throws(EngineError) {
        do {
            try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        } catch { throw .failure("cannot make the folder \(folder) for slices: \(error); name another with --cache") }
    }

    /// The complete file at `path`, marked as used now, which stays there until it is closed; nil where there is none of so
    /// many bytes.
    func open(_ path: FilePath, byteCount: Int) -> FileDescriptor? {
        guard let file = try? FileDescriptor.open(path, .readOnly, locking: .shared) else { return nil }
        guard let status = try? file.stat(), status.size == byteCount else {
            try? file.close()
            return nil
        }
        // Whoever loads it would take it for changed if it were marked as written.
        try? file.markUsed()
        return file
    }

    /// Removes slices that were not used for longest, until `byteCount` more bytes keep the limit or the rest is in use.
    ///
    /// - Parameter kept: A path that stays.
    func makeRoom(for byteCount: Int, keeping kept: FilePath) throws(EngineError) {
        guard byteCount <= limit else {
            throw .usage("this rank's slice of \(byteCount) bytes is larger than --cache-size allows")
        }
        var files = names.filter { $0.hasSuffix(".gguf") || $0.hasSuffix(".gguf.partial") }
            .map { folder.appending($0) }.filter { $0 != kept && $0.string != "\(kept).partial" }
            .compactMap { path in (try? path.stat()).map { (path: path, size: Int($0.size), used: $0.lastUse) } }
        files.sort { $0.used > $1.used }
        var total = files.reduce(byteCount) { $0 + $1.size }
        while total > limit, let oldest = files.popLast() {
            if removeUnused(oldest.path) { total -= oldest.size }
        }
    }

    /// Whether the file is gone, because nobody uses it.
    private func removeUnused(_ path: FilePath) -> Bool {
        guard let file = try? FileDescriptor.open(path, .readOnly, locking: .exclusive) else { return false }
        defer { try? file.close() }
        return (try? path.remove()) != nil
    }
}

extension Stat {
    /// Seconds since 1970.
    fileprivate var lastUse: Double {
        [st_mtim, st_atim].map { Double($0.tv_sec) + Double($0.tv_nsec) * 1e-9 }.max()!
    }
}
