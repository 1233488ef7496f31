import Kernels
import Platform
import Tensors

/// Takes what was measured out of the caches, whatever their size: between two uses of a layer a run reads all others.
struct ColdStart {
    private let memory: AlignedMemory
    private let team: ThreadTeam

    init(byteCount: Int, team: ThreadTeam) throws {
        self.team = team
        memory = try AlignedMemory(byteCount: byteCount)
        ReadBandwidth.fill(memory, team)
    }

    /// Reads through memory that nobody else uses.
    func flush() { _ = ReadBandwidth.read(memory, team) }

    /// Bytes a second of such a reading, the best of some.
    func readBandwidth(passes: Int) -> Double {
        (0..<passes).reduce(0) { best, _ in
            var watch = Stopwatch()
            let sum = ReadBandwidth.read(memory, team)
            precondition(sum != 0, "what was read is not what was written")
            return max(best, Double(memory.bytes.count) / watch.lap())
        }
    }
}
