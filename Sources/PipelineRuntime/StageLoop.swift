import Transformer

/// What every rank but 0 does: take a frame from the ring, compute its layers on it in place, send it on.
public struct StageLoop {
    private let stage: Stage
    private let link: any Link
    private let runID: UInt64
    private let rank: Int
    private let isLast: Bool

    public init(stage: Stage, link: any Link, runID: UInt64, rank: Int, stageCount: Int) {
        self.stage = stage
        self.link = link
        self.runID = runID
        self.rank = rank
        isLast = rank == stageCount - 1
    }

    /// Serves microbatches until the coordinator says stop.
    public func run() throws(PipelineError) {
        var mayRest = true
        var times = StageTimes()
        var busySeconds = 0.0
        var watch = Stopwatch()
        while true {
            var frame = try link.receive(mayRest: mayRest)
            times.wait += watch.lap()
            let kind = frame.kind(runID: runID, hiddenSize: stage.configuration.hiddenSize)
            switch kind {
            case .microbatch:
                mayRest = false
                try compute(&frame)
                let seconds = watch.lap()
                times.compute += seconds
                busySeconds += seconds
                if frame.header.reportingRank == rank { frame.header.busySeconds = busySeconds }
                try link.send(frame)
                times.send += watch.lap()
            case .measure:
                frame.stageTimes[rank] = times
                try link.send(frame)
                times = StageTimes()
                watch = Stopwatch()
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
