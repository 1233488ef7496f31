import Clusters
import MPI
import Platform
import Ring

/// Reading the clocks of other hosts over MPI.
extension Cluster {
    /// What ranks answer with.
    private static let tag = 1
    /// Questions to each rank; the fastest answer counts. The first wakes the rank up.
    private static let questionCount = 64

    /// Reads every rank's clock beside rank 0's, which asks one after the other. All ranks come here together.
    ///
    /// Ranks on rank 0's host share its clock and are not asked.
    ///
    /// - Returns: On rank 0 a reading for each rank; elsewhere none.
    func readClocks() throws(PipelineError) -> [ClockReading] {
        let clocks = try exchange(Array((hosts[rank] + bootID).utf8))
        let isShared = clocks.map { $0 == clocks[0] }
        guard size > 1, isShared.contains(false) else {
            return isShared.map { _ in .shared(at: MachineTime.nanoseconds) }
        }
        do {
            return try withWorld { world throws(MPIError) in
                if rank > 0 {
                    if !isShared[rank] { try answer(world) }
                    return []
                }
                return try (0..<size).map { other throws(MPIError) in
                    isShared[other] ? .shared(at: MachineTime.nanoseconds) : try ask(other, world)
                }
            }
        } catch { throw .mpi(error) }
    }

    private func ask(_ other: Int, _ world: borrowing Communicator) throws(MPIError) -> ClockReading {
        var best: ClockReading?
        for _ in 0..<Self.questionCount {
            let sent = MachineTime.nanoseconds
            try world.send([UInt8(0)], to: other, tag: Self.tag)
            let theirs = try world.receive(Int64.self, from: other, tag: Self.tag)[0]
            let reading = ClockReading(sent: sent, theirs: theirs, received: MachineTime.nanoseconds)
            if reading.uncertainty < best?.uncertainty ?? .max { best = reading }
        }
        return best!
    }

    private func answer(_ world: borrowing Communicator) throws(MPIError) {
        for question in 0..<Self.questionCount {
            // The first may be long in coming: others are asked before.
            _ = try world.receive(UInt8.self, from: 0, tag: Self.tag, waiting: question == 0 ? .idle : .yielding)
            try world.send([MachineTime.nanoseconds], to: 0, tag: Self.tag)
        }
    }
}
