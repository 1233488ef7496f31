import Clusters
import Requests
import Ring
import Synchronization
import Traces

/// The trace of a job, from the first frame to the file that rank 0 writes.
final class JobTrace: Sendable {
    private let trace: Trace
    private let path: String
    /// Rank 0's.
    private let file: OutputFile?
    private let facts: JobFacts
    /// The ranks as people see them.
    private let names: [String]
    /// The file is written once, whichever way the run ends.
    private let isWritten = Atomic(false)
    /// Held while the trace of a run that ends early is written: nobody ends the process meanwhile.
    private let rescue = Mutex(())

    /// All ranks come here together.
    init(path: String, _ file: OutputFile?, _ cluster: Cluster, _ facts: JobFacts) throws(PipelineError) {
        self.path = path
        self.file = file
        self.facts = facts
        names = (0..<cluster.size).map {
            Cluster.name(of: $0, on: facts.hosts[$0], layers: facts.plan.partition.layers(of: $0))
        }
        trace = try Trace(cluster, isEmulated: facts.isEmulated)
    }

    var recorder: TraceRecorder { trace.recorder }

    /// Gathers what all ranks did and writes it. All ranks come here together, after the last frame.
    ///
    /// - Returns: On rank 0 a sentence that tells of it.
    func finish(_ cluster: Cluster) throws -> String? {
        guard let file else {
            try trace.gather(cluster) { _, _ in
            } _: { _ in
            }
            return nil
        }
        guard !isWritten.exchange(true, ordering: .relaxed) else { return nil }
        var output = makeOutput(file)
        var metadata = makeMetadata()
        var eventCount = 0
        try trace.gather(cluster) { rank, marks in
            metadata.ranks.append(rank)
            try output.begin(rank.rank, name: names[rank.rank], clock: rank.clock)
            for mark in marks { try output.write(mark) }
        } _: { events in
            for event in events { try output.write(event) }
            eventCount += events.count
        }
        try output.finish(metadata)
        return metadata.summary(path: path, eventCount: eventCount)
    }

    /// Writes what rank 0 itself did, since the run ends early; from any thread. Nothing can be done if it fails.
    func rescue(_ reason: String) {
        rescue.withLock { _ in
            guard let file, !isWritten.exchange(true, ordering: .relaxed), let recording = recorder.finish() else {
                return
            }
            var output = makeOutput(file)
            var metadata = makeMetadata()
            metadata.failure = reason
            let rank = RankTrace(
                rank: 0, clock: .ownClock(from: trace.origin), droppedCount: recording.droppedCount)
            metadata.ranks = [rank]
            do {
                try output.begin(0, name: names[0], clock: rank.clock)
                for mark in recording.marks { try output.write(mark) }
                try recording.forEachPiece(of: 4096) { events throws(any Error) in
                    for event in events { try output.write(event) }
                }
                try output.finish(metadata)
            } catch {}
        }
    }

    private func makeOutput(_ file: OutputFile) -> TraceFile {
        TraceFile(rankCount: facts.rankCount, origin: trace.origin) { try file.write($0) }
    }

    private func makeMetadata() -> TraceMetadata {
        TraceMetadata(
            version: Build.version, partition: facts.partition, hosts: facts.hosts, isEmulated: facts.isEmulated)
    }
}
