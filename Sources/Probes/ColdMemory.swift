import Kernels
import Platform
import Tensors

/// Memory that is read as a run reads weights whose turn comes after all others: it is in no cache, whatever the size of
/// those may be.
struct ColdMemory {
    let memory: AlignedMemory
    let team: ThreadTeam

    init(byteCount: Int, team: ThreadTeam) throws {
        self.team = team
        memory = try AlignedMemory(byteCount: byteCount)
        ReadBandwidth.fill(memory, team)
    }

    /// Takes `bytes` out of all caches.
    func evict(_ bytes: UnsafeRawBufferPointer) {
        team.run { worker in
            Eviction.evict(UnsafeRawBufferPointer(rebasing: bytes[worker.share(of: bytes.count)]))
        }
    }

    /// Bytes a second of a reading from memory, the best of some.
    func readBandwidth(passes: Int) -> Double {
        (0..<passes).reduce(0) { best, _ in
            evict(UnsafeRawBufferPointer(memory.bytes))
            return max(best, Double(memory.bytes.count) / seconds(reading: 0..<memory.bytes.count))
        }
    }

    /// Seconds that it takes to read some of it, in whole lines of 256 bytes.
    func seconds(reading range: Range<Int>) -> Double {
        var watch = Stopwatch()
        let sum = ReadBandwidth.read(UnsafeMutableRawBufferPointer(rebasing: memory.bytes[range]), team)
        precondition(sum != 0, "what was read is not what was written")
        return watch.lap()
    }
}
