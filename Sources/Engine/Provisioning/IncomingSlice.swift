import Clusters
import FoundationEssentials
import Platform
import Requests
import SystemPackage

/// A slice on its way to this rank, in a file that nobody else writes.
///
/// One that is kept is written beside its final name, so that an interrupted one goes on later: whoever has the lock of a
/// partial file writes it, and others that want the same slice at the same time write their own beside it.
struct IncomingSlice {
    /// Where the slice is when it is published.
    let path: FilePath
    /// The open file; the lock goes with it.
    let file: FileDescriptor
    let byteCount: Int
    /// Bytes that are here: whole pieces.
    let offset: Int
    /// Of those bytes.
    let hash: PieceHash
    /// nil: the file has no name, and goes with this process, however it ends.
    private let partialPath: FilePath?

    /// As many may fetch one slice into one folder at a time.
    private static let mostWriters = 64

    /// A slice that is to be kept at `path`.
    init(path: FilePath, byteCount: Int) throws(EngineError) {
        self.path = path
        self.byteCount = byteCount
        let (partialPath, file) = try Self.free(beside: path)
        self.partialPath = partialPath
        self.file = file
        (offset, hash) = Self.existing(file, byteCount)
        do throws(Errno) {
            let end = Int64(offset)
            try Errno.catching {
                try file.resize(to: end)
                try file.seek(offset: end, from: .start)
            }
        } catch { throw Self.failure("write", partialPath, error) }
    }

    /// A slice for this run only.
    init(temporaryIn folder: FilePath, byteCount: Int) throws(EngineError) {
        let name = folder.appending("stagecoach-\(String(UInt64.random(in: 0 ... .max), radix: 16))")
        do throws(Errno) {
            file = try Errno.catching {
                let file = try FileDescriptor.open(
                    name, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
                try name.remove()
                return file
            }
        } catch { throw Self.failure("make", name, error) }
        path = FilePath("/proc/self/fd/\(file.rawValue)")
        self.byteCount = byteCount
        (offset, hash, partialPath) = (0, PieceHash(), nil)
    }

    /// A partial file that nobody writes.
    private static func free(beside path: FilePath) throws(EngineError) -> (FilePath, FileDescriptor) {
        for writer in 0..<mostWriters {
            let partial = FilePath("\(path)\(writer == 0 ? "" : ".\(writer)").partial")
            do throws(Errno) {
                let file = try FileDescriptor.open(
                    partial, .readWrite, locking: .exclusive, making: [.ownerReadWrite, .groupRead, .otherRead])
                if let file { return (partial, file) }
            } catch { throw failure("make", partial, error) }
        }
        throw .failure("too many others are fetching \(path); name another folder with --cache")
    }

    /// The whole pieces of an earlier transfer.
    private static func existing(_ file: FileDescriptor, _ byteCount: Int) -> (Int, PieceHash) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Delivery.pieceByteCount, alignment: 64)
        defer { piece.deallocate() }
        var (offset, hash) = (0, PieceHash())
        while offset + piece.count <= byteCount {
            var count = 0
            while count < piece.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: piece[count...])
                guard let read = try? file.read(fromAbsoluteOffset: Int64(offset + count), into: rest), read > 0 else {
                    return (offset, hash)
                }
                count += read
            }
            hash.combine(UnsafeRawBufferPointer(piece))
            offset += count
        }
        return (offset, hash)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
        do { try file.writeWhole(bytes) } catch { throw Self.failure("write", partialPath ?? path, error) }
    }

    /// Gives the complete file its name. Who has opened another file of that name keeps it.
    func publish() throws(EngineError) {
        guard let partialPath else { return }
        do throws(Errno) { try partialPath.rename(to: path) } catch { throw Self.failure("write", path, error) }
    }

    /// Leaves nothing behind, since what came is not what was sent.
    func discard() {
        try? partialPath?.remove()
        try? file.close()
    }

    private static func failure(_ action: String, _ path: FilePath, _ reason: Errno) -> EngineError {
        .failure("cannot \(action) \(path): \(reason); name another folder with --cache")
    }
}
