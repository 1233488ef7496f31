import Kernels
import Tensors

/// How fast the threads of a rank read memory: the limit of decode.
public enum ReadBandwidth {
    private static let byteCount = 1 << 30
    private static let passes = 3

    /// Bytes a second of a plain read of 1 GiB by `threadCount` threads, the best of three passes.
    ///
    /// - Parameter memory: Bytes that are left for it; where they are few, less is read. nil: enough.
    public static func measure(threadCount: Int, within memory: Int? = nil) throws -> Double {
        let team = try ThreadTeam(threadCount: threadCount)
        let bytes = ProbedMemory.bytes(byteCount, of: memory)
        return try ColdMemory(byteCount: bytes, team: team).readBandwidth(passes: passes)
    }

    /// Writes to every page: those that were never written all share one page of zeros.
    static func fill(_ memory: AlignedMemory, _ team: ThreadTeam) {
        team.run { worker in
            let share = worker.share(of: memory.bytes.count)
            UnsafeMutableRawBufferPointer(rebasing: memory.bytes[share]).initializeMemory(as: UInt8.self, repeating: 1)
        }
    }

    /// Reads all of `bytes`, whose number is a multiple of 256, and adds it up.
    static func read(_ bytes: UnsafeMutableRawBufferPointer, _ team: ThreadTeam) -> UInt64 {
        let sums = UnsafeMutablePointer<UInt64>.allocate(capacity: team.threadCount)
        defer { sums.deallocate() }
        team.run { worker in sums[worker.index] = sum(bytes, worker.share(of: bytes.count / 256)) }
        return (0..<team.threadCount).reduce(0) { $0 &+ sums[$1] }
    }

    /// Adds up the lines `lines` of 256 bytes: four streams of independent additions.
    private static func sum(_ bytes: UnsafeMutableRawBufferPointer, _ lines: Range<Int>) -> UInt64 {
        let vectors = UnsafeRawPointer(bytes.baseAddress!).assumingMemoryBound(to: SIMD8<UInt64>.self)
        var a = SIMD8<UInt64>()
        var b = a
        var c = a
        var d = a
        for line in lines {
            a &+= vectors[4 * line]
            b &+= vectors[4 * line + 1]
            c &+= vectors[4 * line + 2]
            d &+= vectors[4 * line + 3]
        }
        return (a &+ b &+ c &+ d).wrappedSum()
    }
}
