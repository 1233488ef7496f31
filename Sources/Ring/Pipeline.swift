import MPI
import Microbatches
import Platform
import Transformer

/// The coordinator's end of the ring: microbatches go in, the rows that want logits come back.
public final class Pipeline {
    /// How many stages the ring has, rank 0's included.
    public let stageCount: Int
    /// Microbatches sent whose rows have not come back.
    public private(set) var inFlightCount = 0

    let stage: any StageWork
    let link: any Link
    let runID: UInt64
    /// Microbatches sent since the start.
    public private(set) var submittedCount: UInt64 = 0
    /// Seconds that each stage has computed since the start, by rank. The others' are as old as the last microbatch that
    /// they reported in: one of as many as there are stages.
    public private(set) var busySeconds: [Double]
    private var isResting = true
    /// What this rank's time goes to.
    var laps: StageClock
    /// Whether a lap of waiting runs.
    private var isWaiting = false
    /// The microbatch whose rows are shown.
    private var shown = (microbatch: UInt64(0), rows: 0)

    /// - Parameters:
    ///   - clock: By which the run is measured.
    ///   - observer: Told of what this rank does; nil for no one.
    public init(
        stage: any StageWork, link: any Link, stageCount: Int, runID: UInt64, clock: any RunClock = MachineTime(),
        observer: (any StageObserver)? = nil
    ) {
        laps = StageClock(clock, observer: observer)
        clock.workEnds()
        self.stage = stage
        self.link = link
        self.stageCount = stageCount
        self.runID = runID
        busySeconds = Array(repeating: 0, count: stageCount)
    }

    /// Whether this rank has layers of its own.
    public var hasLayers: Bool { !stage.layerRange.isEmpty }

    /// By which this run is measured: the machine's, or an emulation's.
    public var clock: any RunClock { laps.clock }

    /// Sends one microbatch into the ring, after this rank's own layers.
    ///
    /// - Parameter embed: Fills the hidden states `[rows, hiddenSize]`.
    /// - Returns: Seconds that this rank's layers took.
    @discardableResult
    public func submit(
        _ microbatch: Microbatch, embed: (UnsafeMutablePointer<Float>) -> Void
    ) throws(PipelineError) -> Double {
        if isResting { try wake() }
        var frame = link.makeFrame()
        frame.begin(
            microbatch, runID: runID, microbatchID: submittedCount, hiddenSize: stage.configuration.hiddenSize)
        endWaiting(rows: 0)
        let (id, rows) = (submittedCount, microbatch.rowCount)
        frame.header.reportingRank = UInt32(submittedCount % UInt64(stageCount))
        submittedCount += 1
        laps.restart()
        embed(frame.hidden)
        var seconds = laps.lap(.embed, microbatch: id, rows: rows)
        try stage.compute(frame, from: 0)
        if stageCount == 1 { frame.keepLogitRows(hiddenSize: stage.configuration.hiddenSize) }
        seconds += laps.lap(.compute, microbatch: id, rows: rows)
        busySeconds[0] += seconds
        try link.send(frame)
        laps.lap(.send, microbatch: id, rows: rows)
        inFlightCount += 1
        isResting = false
        return seconds
    }

    /// Whether the oldest microbatch in flight is back, so that collecting it takes no waiting.
    public func hasArrived() throws(PipelineError) -> Bool {
        guard inFlightCount > 0 else { return false }
        return try link.hasArrived()
    }

    /// Waits until the oldest microbatch in flight is back, or seems to take long: ``collect(_:)`` knows how long is too
    /// long, and whom to name.
    ///
    /// - Parameter isInterrupted: Asked again and again.
    /// - Returns: false where it said so first.
    public func waitForArrival(unless isInterrupted: () -> Bool) throws(PipelineError) -> Bool {
        var backoff = Backoff(link.waitPolicy, timeout: .seconds(1))
        beginWaiting()
        repeat {
            if try link.hasArrivedMeanwhile() { return true }
            if isInterrupted() { return false }
            link.progress()
        } while backoff.pause()
        return true
    }

    /// Waits for the oldest microbatch in flight and shows its spans and the hidden states of its logit rows.
    public func collect<Result>(_ body: (Spans, UnsafePointer<Float>) throws -> Result) throws -> Result {
        beginWaiting()
        let frame = try link.receive(mayRest: false)
        shown = (frame.header.microbatchID, Int(frame.header.rowCount))
        endWaiting(rows: shown.rows)
        inFlightCount -= 1
        guard frame.kind(runID: runID, hiddenSize: stage.configuration.hiddenSize) == .microbatch else {
            throw PipelineError.malformedFrame(from: link.previousRank)
        }
        laps.restart()
        note(frame.header)
        let begun = clock.seconds
        let result = try body(frame.spans, frame.hidden)
        laps.lap(.sample, microbatch: shown.microbatch, rows: shown.rows)
        busySeconds[0] += clock.seconds - begun
        link.recycle(frame)
        return result
    }

    /// For the trace, inside the body of ``collect(_:)``: what was done since the last such call, or since it began.
    public func note(_ activity: Activity, rows: Int) {
        guard laps.isTraced else { return }
        laps.lap(activity, microbatch: shown.microbatch, rows: rows)
    }

    private func beginWaiting() {
        if !isWaiting { laps.restart() }
        isWaiting = true
    }

    private func endWaiting(rows: Int) {
        guard isWaiting else { return }
        isWaiting = false
        laps.lap(.wait, microbatch: submittedCount - UInt64(inFlightCount), rows: rows)
    }

    /// Takes down what a stage says of itself.
    private func note(_ header: FrameHeader) {
        let rank = Int(header.reportingRank)
        if rank > 0, rank < stageCount { busySeconds[rank] = header.busySeconds }
    }

    /// Gives this moment a name in the trace, and the phase that begins with it: what is measured until the times are
    /// taken again.
    public func mark(_ name: String, _ details: [String: Int]) { laps.mark(name, details) }

    /// The number of the trace's phase that runs; nil where no trace is taken.
    public var tracePhase: Int? { laps.phase }

    /// Tells the other stages that no sequence runs, so that they may sleep.
    public func rest() throws(PipelineError) {
        guard !isResting else { return }
        isResting = true
        try announce(.idle)
        clock.workEnds()
    }

    /// Ends the run: the other stages leave their loops.
    public func stop() throws(PipelineError) {
        try announce(.stop)
        try link.close()
    }

    private func wake() throws(PipelineError) {
        clock.workBegins()
        try link.wake()
    }

    private func announce(_ kind: FrameKind) throws(PipelineError) {
        guard stageCount > 1 else { return }
        var frame = link.makeFrame()
        frame.begin(kind, runID: runID)
        try link.send(frame)
    }
}
