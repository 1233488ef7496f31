import Clusters
import ModelFiles
import Requests

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A slice on its way to this rank's cache: written beside its final name, so that an interrupted one goes on later.
struct IncomingSlice {
    let path: String
    let byteCount: Int
    /// Bytes that are here: whole pieces.
    let offset: Int
    /// Of those bytes.
    let hash: PieceHash
    private let descriptor: Int32

    private var partialPath: String { "\(path).partial" }

    init(path: String, byteCount: Int) throws(EngineError) {
        self.path = path
        self.byteCount = byteCount
        descriptor = open("\(path).partial", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure("make", "\(path).partial") }
        (offset, hash) = Self.existing(descriptor, byteCount)
        guard ftruncate(descriptor, off_t(offset)) == 0, lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw Self.failure("write", "\(path).partial")
        }
    }

    /// The whole pieces of an earlier transfer.
    private static func existing(_ descriptor: Int32, _ byteCount: Int) -> (Int, PieceHash) {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Delivery.pieceByteCount, alignment: 64)
        defer { piece.deallocate() }
        var (offset, hash) = (0, PieceHash())
        while offset + piece.count <= byteCount {
            var count = 0
            while count < piece.count {
                let read = pread(descriptor, piece.baseAddress! + count, piece.count - count, off_t(offset + count))
                if read <= 0 { return (offset, hash) }
                count += read
            }
            hash.combine(UnsafeRawBufferPointer(piece))
            offset += count
        }
        return (offset, hash)
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(EngineError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress!, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("write", partialPath) }
            rest = rest.dropFirst(count)
        }
    }

    /// Gives the complete file its name.
    func publish() throws(EngineError) {
        guard close(descriptor) == 0, rename(partialPath, path) == 0 else { throw Self.failure("write", path) }
    }

    /// Leaves nothing behind, since what came is not what was sent.
    func discard() {
        close(descriptor)
        unlink(partialPath)
    }

    private static func failure(_ action: String, _ path: String) -> EngineError {
        .failure("cannot \(action) \(path): \(String(cString: strerror(errno))); name another folder with --cache")
    }
}
