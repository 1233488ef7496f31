import Glibc

/// Anonymous zeroed memory on page boundaries, returned to the system as soon as its owner is gone.
///
/// Large regions ask for huge pages. Pages cost nothing until they are touched.
public final class AlignedMemory: @unchecked Sendable {
    public let bytes: UnsafeMutableRawBufferPointer

    /// Reserves `byteCount` bytes.
    ///
    /// - Throws: ``MemoryError/outOfMemory(byteCount:)`` when the system has no address space or memory left.
    public init(byteCount: Int) throws(MemoryError) {
        let length = max(byteCount, 1)
        guard let start = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != UnsafeMutableRawPointer(bitPattern: -1)
        else { throw .outOfMemory(byteCount: byteCount) }
        if length >= Self.hugePageSize { madvise(start, length, MADV_HUGEPAGE) }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }

    deinit { munmap(bytes.baseAddress!, max(bytes.count, 1)) }

    /// The start of the region; never nil, even for an empty one.
    public var start: UnsafeMutableRawPointer { bytes.baseAddress! }

    private static let hugePageSize = 2 << 20
}

/// A region of memory could not be had.
public enum MemoryError: Error, CustomStringConvertible {
    case outOfMemory(byteCount: Int)

    public var description: String {
        switch self {
        case .outOfMemory(let byteCount): "cannot reserve \(byteCount) bytes of memory"
        }
    }
}
