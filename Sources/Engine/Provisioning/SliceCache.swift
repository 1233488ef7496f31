import FoundationEssentials
import ModelFiles
import Requests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder of slices that came from rank 0, so that the next start finds them on this machine's disk.
struct SliceCache {
    let folder: String
    /// Bytes that all slices together may take, the one that is coming included.
    let limit: Int

    /// Where `slice` of the model called `name` is kept.
    func path(_ slice: ModelSlice) -> String {
        let identity = String(slice.identity, radix: 16)
        let ends = slice.holdsEnds ? "ends-" : ""
        return "\(folder)/\(identity)-\(ends)\(slice.layers.lowerBound)-\(slice.layers.upperBound).gguf"
    }

    /// The cache that a user asks for.
    init(_ configuration: JobConfiguration) {
        self.init(folder: configuration.cacheFolder ?? Self.standardFolder, limit: configuration.cacheSize)
    }

    init(folder: String, limit: Int) {
        self.folder = folder
        self.limit = limit
    }

    /// Layers of the slices without ends that are here, by their names, of the model called `identity`.
    func layers(of identity: UInt64) -> [Range<Int>] {
        let (start, end) = ("\(String(identity, radix: 16))-", ".gguf")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(start) && $0.hasSuffix(end) }.compactMap { name in
            let bounds = name.dropFirst(start.count).dropLast(end.count).split(separator: "-").compactMap { Int($0) }
            return bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]..<bounds[1] : nil
        }
    }

    /// Makes the folder.
    func prepare() throws(EngineError) {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch { throw .failure("cannot make the folder \(folder) for slices: \(error); name another with --cache") }
    }

    /// Bytes of the file at `path`; nil where there is none.
    func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Marks a slice as used now.
    func touch(_ path: String) {
        try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
    }

    /// Removes slices that were not used for longest, until `byteCount` more bytes keep the limit.
    ///
    /// - Parameter kept: A path that stays.
    func makeRoom(for byteCount: Int, keeping kept: String) throws(EngineError) {
        guard byteCount <= limit else {
            throw .usage("this rank's slice of \(byteCount) bytes is larger than --cache-size allows")
        }
        var files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(".gguf") || $0.hasSuffix(".gguf.partial") }.map { "\(folder)/\($0)" }
            .filter { $0 != kept && $0 != "\(kept).partial" }
            .map { (path: $0, size: size($0) ?? 0, used: used($0)) }
        files.sort { $0.used > $1.used }
        var total = files.reduce(byteCount) { $0 + $1.size }
        while total > limit, let oldest = files.popLast() {
            try? FileManager.default.removeItem(atPath: oldest.path)
            total -= oldest.size
        }
    }

    private func used(_ path: String) -> Date {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date ?? .distantPast
    }

    /// `$STAGECOACH_CACHE`, else the user's cache folder, as the scripts choose it.
    static var standardFolder: String {
        let environment = ProcessInfo.processInfo.environment
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = value("HOME") ?? "/root"
        return (value("STAGECOACH_CACHE") ?? (value("XDG_CACHE_HOME") ?? "\(home)/.cache") + "/stagecoach") + "/slices"
    }
}
