import FoundationEssentials
import Planning
import Platform
import SystemPackage

/// The file in which rank 0 keeps what was measured of hosts and links, in the form that `--cluster` takes. Runs share it:
/// it is read whole, and replaced whole by the one that has the lock beside it.
struct ProfileStore {
    let path: FilePath

    /// The user's.
    static var standard: ProfileStore { ProfileStore(path: CacheFolder.standard.appending("hosts-and-links.json")) }

    /// What was kept; nothing where the file cannot be read or used, since all of it can be measured again.
    func read() -> ClusterFile {
        guard let bytes = try? path.contents(), let file = try? ClusterFile(json: bytes, path: path.string) else {
            return ClusterFile(hosts: [])
        }
        return file
    }

    /// Changes what is kept.
    func update(_ change: (inout ClusterFile) -> Void) throws {
        try FileManager.default.createDirectory(
            atPath: path.removingLastComponent().string, withIntermediateDirectories: true)
        let lock = try FileDescriptor.open(
            FilePath("\(path).lock"), .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        defer { try? lock.close() }
        try lock.lock(.exclusive)
        var file = read()
        change(&file)
        let bytes = try file.json
        let partial = FilePath("\(path).partial")
        let output = try FileDescriptor.open(
            partial, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        try output.closeAfter { try output.writeWhole(bytes) }
        try partial.rename(to: path)
    }
}
