import Platform

/// What every rank but 0 does: take a frame from the ring, compute its layers on it in place, send it on.
public struct StageLoop {
    private let stage: any StageWork
    private let link: any Link
    private let rules: FrameRules
    private let rank: Int
    private let isLast: Bool
    private let clock: any RunClock
    private let observer: (any StageObserver)?

    /// - Parameters:
    ///   - clock: By which the run is measured.
    ///   - observer: Told of what the rank does; nil for no one.
    public init(
        stage: any StageWork, link: any Link, runID: UInt64, rank: Int, stageCount: Int,
        clock: any RunClock = MachineTime(), observer: (any StageObserver)? = nil
    ) {
        self.stage = stage
        self.link = link
        rules = FrameRules(stage, stageCount: stageCount, runID: runID, isLastHop: false)
        self.rank = rank
        self.clock = clock
        self.observer = observer
        isLast = rank == stageCount - 1
    }

    /// Serves microbatches until the coordinator says stop.
    public func run() throws(PipelineError) {
        var mayRest = true
        var laps = StageClock(clock, observer: observer)
        var busySeconds = 0.0
        while true {
            var frame = try link.receive(mayRest: mayRest)
            let kind = try rules.check(frame, from: link.previousRank)
            let microbatch = frame.header.microbatchID
            let rows = kind == .microbatch ? Int(frame.header.rowCount) : 0
            laps.lap(.wait, microbatch: microbatch, rows: rows)
            switch kind {
            case .microbatch:
                mayRest = false
                try compute(&frame)
                busySeconds += laps.lap(.compute, microbatch: microbatch, rows: rows)
                if frame.header.reportingRank == rank { frame.header.busySeconds = busySeconds }
                try link.send(frame)
                laps.lap(.send, microbatch: microbatch, rows: rows)
            case .measure:
                frame.stageTimes[rank] = laps.take()
                try link.send(frame)
                laps.restart()
            case .hashes:
                stage.putHashes(into: frame)
                try link.send(frame)
            case .idle, .stop:
                mayRest = true
                // Rank 0, where the last stage's edge leads, has no use for its own message.
                if isLast { link.recycle(frame) } else { try link.send(frame) }
                if kind == .stop { return try link.close() }
            }
        }
    }

    private func compute(_ frame: inout Frame) throws(PipelineError) {
        try stage.compute(frame, from: link.previousRank)
        if isLast { frame.keepLogitRows(hiddenSize: stage.configuration.hiddenSize) }
    }
}
