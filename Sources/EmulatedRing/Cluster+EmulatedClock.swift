import Clusters
import Platform
import Ring

extension Cluster {
    /// A clock that began on all ranks together. All ranks come here together.
    public func emulatedClock(speed: Double) throws(PipelineError) -> EmulatedClock {
        let clocks = try exchange(withUnsafeBytes(of: MachineTime.nanoseconds, Array.init) + Array(bootID.utf8))
        // On another machine, whose clock shows something else, the run begins now: sleeps end a little later there.
        let isShared = clocks[0].dropFirst(8) == clocks[rank].dropFirst(8)
        let origin = clocks[0].withUnsafeBytes { $0.loadUnaligned(as: Int64.self) }
        return EmulatedClock(origin: isShared ? origin : MachineTime.nanoseconds, speed: speed)
    }
}
