import Transformer

/// What every rank but 0 does: take a frame from the ring, compute its layers on it in place, send it on.
public struct StageLoop {
    private let stage: Stage
    private let link: any Link
    private let runID: UInt64
    private let rank: Int
    private let isLast: Bool
    private let trace: TraceRecorder?

    /// - Parameter trace: Keeps what the rank did; nil for nothing.
    public init(
        stage: Stage, link: any Link, runID: UInt64, rank: Int, stageCount: Int, trace: TraceRecorder? = nil
    ) {
        self.stage = stage
        self.link = link
        self.runID = runID
        self.rank = rank
        self.trace = trace
        isLast = rank == stageCount - 1
    }

    /// Serves microbatches until the coordinator says stop.
    public func run() throws(PipelineError) {
        var mayRest = true
        var clock = StageClock(trace: trace)
        while true {
            var frame = try link.receive(mayRest: mayRest)
            let kind = frame.kind(runID: runID, hiddenSize: stage.configuration.hiddenSize)
            let microbatch = frame.header.microbatchID
            let rows = kind == .microbatch ? Int(frame.header.rowCount) : 0
            clock.lap(.wait, microbatch: microbatch, rows: rows)
            switch kind {
            case .microbatch:
                mayRest = false
                try compute(&frame)
                clock.lap(.compute, microbatch: microbatch, rows: rows)
                try link.send(frame)
                clock.lap(.send, microbatch: microbatch, rows: rows)
            case .measure:
                frame.stageTimes[rank] = clock.take()
                try link.send(frame)
                clock.restart()
            case .hashes:
                stage.putHashes(into: frame)
                try link.send(frame)
            case .idle, .stop:
                mayRest = true
                // Rank 0, where the last stage's edge leads, has no use for its own message.
                if isLast { link.recycle(frame) } else { try link.send(frame) }
                if kind == .stop { return try link.close() }
            case nil:
                link.recycle(frame)
                throw .malformedFrame(from: link.previousRank)
            }
        }
    }

    private func compute(_ frame: inout Frame) throws(PipelineError) {
        try stage.compute(frame, from: link.previousRank)
        if isLast { frame.keepLogitRows(hiddenSize: stage.configuration.hiddenSize) }
    }
}

extension Stage {
    /// Puts the hashes that this stage kept into their places among those of all layers.
    func putHashes(into frame: borrowing Frame) {
        guard let hashes else { return }
        for (index, hash) in hashes.values.enumerated() {
            frame.hashes[layerRange.lowerBound * hashes.positionCount + index] = hash
        }
    }

    /// Makes the changes of the block tables that `frame` brings, and takes its rows through the layers.
    ///
    /// - Parameter rank: Who sent the frame, to be named if it makes no sense.
    func compute(_ frame: borrowing Frame, from rank: Int) throws(PipelineError) {
        guard cache.apply(frame.operations), cache.covers(frame.spans) else { throw .malformedFrame(from: rank) }
        do throws(StageError) {
            try forward(frame.spans, hidden: frame.hidden)
        } catch {
            switch error {
            case .nonFinite(let layer): throw .nonFinite(layer: layer)
            }
        }
    }
}
