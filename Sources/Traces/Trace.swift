import Clusters
import MPI
import Platform
import Ring

/// The trace of one run: what every rank did, and how their clocks belong together.
public final class Trace: Sendable {
    public let recorder = TraceRecorder()
    /// Rank 0's clock when the trace began, in nanoseconds; 0 in an emulated run, whose time begins there.
    public let origin: Int64
    /// Whether ranks reckon their times together, so that their clocks need not be compared.
    private let isEmulated: Bool
    /// Rank 0's: every rank's clock at the start.
    private let startReadings: [ClockReading]

    private static let tag = 2
    /// Events that travel together: 2.6 MB.
    private static let pieceLength = 1 << 16

    /// All ranks come here together.
    public init(_ cluster: Cluster, isEmulated: Bool = false) throws(PipelineError) {
        self.isEmulated = isEmulated
        origin = isEmulated ? 0 : MachineTime.nanoseconds
        startReadings = try Self.readClocks(cluster, isEmulated: isEmulated)
    }

    private static func readClocks(_ cluster: Cluster, isEmulated: Bool) throws(PipelineError) -> [ClockReading] {
        isEmulated ? (0..<cluster.size).map { _ in .shared(at: 0) } : try cluster.readClocks()
    }

    /// Ends the recording and hands all ranks' events to rank 0: there, `begin` is called for each rank, with the marks of
    /// rank 0, and then `body` with its events, the oldest first, one piece after another. All ranks come here together, and
    /// nothing else is under way.
    public func gather(
        _ cluster: Cluster, begin: (RankTrace, [TraceMark]) throws -> Void,
        _ body: (UnsafeBufferPointer<TraceEvent>) throws -> Void
    ) throws {
        let endReadings = try Self.readClocks(cluster, isEmulated: isEmulated)
        let recording = recorder.finish() ?? TraceRecording(capacity: 1)
        if cluster.rank > 0 { return try cluster.sendEvents(of: recording, length: Self.pieceLength, tag: Self.tag) }
        for rank in 0..<cluster.size {
            let clock = ClockMap(start: startReadings[rank], end: endReadings[rank])
            if rank == 0 {
                try begin(RankTrace(rank: 0, clock: clock, droppedCount: recording.droppedCount), recording.marks)
                try recording.forEachPiece(of: Self.pieceLength, body)
            } else {
                let counts = try cluster.receive(from: rank, tag: Self.tag).values(of: Int.self)
                try begin(RankTrace(rank: rank, clock: clock, droppedCount: counts[1]), [])
                var missing = counts[0]
                while missing > 0 {
                    let piece = try cluster.receive(from: rank, tag: Self.tag).values(of: TraceEvent.self)
                    try piece.withUnsafeBufferPointer(body)
                    missing -= piece.count
                }
            }
        }
    }
}

extension Cluster {
    fileprivate func sendEvents(
        of recording: borrowing TraceRecording, length: Int, tag: Int
    ) throws(PipelineError) {
        try send(MessageBuffer(copying: [recording.count, recording.droppedCount].withUnsafeBytes(Array.init)), tag)
        // Rank 0 takes one rank after the other: this one sleeps until its turn has come.
        try recording.forEachPiece(of: length) { piece throws(PipelineError) in
            try send(MessageBuffer(copying: UnsafeRawBufferPointer(piece)), tag)
        }
    }

    private func send(_ message: consuming MessageBuffer, _ tag: Int) throws(PipelineError) {
        _ = try finish(beginSend(message, to: 0, tag: tag))
    }
}
