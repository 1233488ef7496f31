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
        if rank > 0 {
            if !isShared[rank] { try answer() }
            return []
        }
        return try (0..<size).map { other throws(PipelineError) in
            isShared[other] ? .shared(at: MachineTime.nanoseconds) : try ask(other)
        }
    }

    private func ask(_ other: Int) throws(PipelineError) -> ClockReading {
        var best: ClockReading?
        for _ in 0..<Self.questionCount {
            let sent = MachineTime.nanoseconds
            try tell([UInt8(0)], to: other)
            let theirs = try receive(from: other, tag: Self.tag, waiting: .yielding).values(of: Int64.self)[0]
            let reading = ClockReading(sent: sent, theirs: theirs, received: MachineTime.nanoseconds)
            if reading.uncertainty < best?.uncertainty ?? .max { best = reading }
        }
        return best!
    }

    private func answer() throws(PipelineError) {
        for question in 0..<Self.questionCount {
            // The first may be long in coming: others are asked before.
            _ = try receive(from: 0, tag: Self.tag, waiting: question == 0 ? .idle : .yielding)
            try tell([MachineTime.nanoseconds], to: 0)
        }
    }

    private func tell<Value: BitwiseCopyable>(_ values: [Value], to rank: Int) throws(PipelineError) {
        let message = MessageBuffer(copying: values.withUnsafeBytes(Array.init))
        _ = try finish(beginSend(message, to: rank, tag: Self.tag), waiting: .yielding)
    }
}
