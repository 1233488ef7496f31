/// What the coordinator asks of every stage, once around the ring.
extension Pipeline {
    /// Where every stage's time went since the last call, by rank.
    ///
    /// - Precondition: No microbatch is in flight.
    public func takeTimes() throws(PipelineError) -> [StageTimes] {
        precondition(inFlightCount == 0, "times are taken between microbatches")
        guard stageCount > 1 else { return [laps.take()] }
        var frame = link.makeFrame()
        frame.begin(.measure, runID: runID, empty: StageTimes(), count: stageCount)
        frame.stageTimes[0] = laps.take()
        let answer = try ask(frame, .measure)
        let all = Array(answer.stageTimes)
        link.recycle(answer)
        return all
    }

    /// The hashes of what every layer of every stage put out, [layer][position].
    ///
    /// - Precondition: Every stage keeps them, for as many positions, and no microbatch is in flight.
    public func takeHashes() throws(PipelineError) -> [[UInt64]] {
        precondition(inFlightCount == 0, "hashes are taken between microbatches")
        let (layers, positions) = (stage.configuration.layerCount, stage.hashes!.positionCount)
        var frame = link.makeFrame()
        frame.begin(.hashes, runID: runID, empty: UInt64(0), count: layers * positions)
        stage.putHashes(into: frame)
        let answer = stageCount == 1 ? frame : try ask(frame, .hashes)
        let all = (0..<layers).map { Array(answer.hashes[$0 * positions..<($0 + 1) * positions]) }
        link.recycle(answer)
        return all
    }

    /// Sends a frame once around the ring.
    private func ask(_ question: consuming Frame, _ kind: FrameKind) throws(PipelineError) -> Frame {
        try link.send(question)
        let answer = try link.receive(mayRest: false)
        guard try rules.check(answer, from: lastRank) == kind else { throw .malformedFrame(from: lastRank) }
        return answer
    }
}
