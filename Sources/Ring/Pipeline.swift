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
    let rules: FrameRules
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
    /// The microbatch that was collected last, its rows, and when.
    private var collected = (microbatch: UInt64(0), rows: 0, seconds: 0.0)

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
        rules = FrameRules(stage, stageCount: stageCount, runID: runID, isLastHop: true)
        busySeconds = Array(repeating: 0, count: stageCount)
    }

    /// The rank whose frames come here.
    public var lastRank: Int { link.previousRank }

    /// Whether this rank has layers of its own.
    public var hasLayers: Bool { !stage.layerRange.isEmpty }

    /// By which this run is measured: the machine's, or an emulation's.
    public var clock: any RunClock { laps.clock }

    /// A frame laid out for the next microbatch, for ``submit(_:)``: its hidden states `[rows, hiddenSize]` are the caller's
    /// to fill.
    public func makeFrame(for microbatch: Microbatch) throws(PipelineError) -> Frame {
        if isResting { try wake() }
        isResting = false
        endWaiting(rows: 0)
        var frame = link.makeFrame()
        frame.begin(
            microbatch, runID: runID, microbatchID: submittedCount, hiddenSize: stage.configuration.hiddenSize)
        frame.header.reportingRank = UInt32(submittedCount % UInt64(stageCount))
        laps.restart()
        return frame
    }

    /// Sends a frame of ``makeFrame(for:)`` into the ring, after this rank's own layers.
    ///
    /// - Returns: Seconds that this rank took, from ``makeFrame(for:)`` on.
    @discardableResult
    public func submit(_ frame: consuming Frame) throws(PipelineError) -> Double {
        let (id, rows) = (submittedCount, frame.rowCount)
        submittedCount += 1
        var seconds = laps.lap(.embed, microbatch: id, rows: rows)
        try stage.compute(frame, from: 0)
        if stageCount == 1 { frame.keepLogitRows(hiddenSize: stage.configuration.hiddenSize) }
        seconds += laps.lap(.compute, microbatch: id, rows: rows)
        busySeconds[0] += seconds
        try link.send(frame)
        laps.lap(.send, microbatch: id, rows: rows)
        inFlightCount += 1
        return seconds
    }

    /// Whether the oldest microbatch in flight is back, so that collecting it takes no waiting.
    public func hasArrived() throws(PipelineError) -> Bool {
        guard inFlightCount > 0 else { return false }
        return try link.hasArrived()
    }

    /// Waits for the oldest microbatch in flight: its frame has the hidden states of the rows that want logits. It goes to
    /// ``finish(_:)``.
    public func collect() throws(PipelineError) -> Frame { try collect(unless: { false })! }

    /// The same.
    ///
    /// - Parameter isInterrupted: Asked again and again, however long the microbatch takes.
    /// - Returns: nil where it said so first.
    public func collect(unless isInterrupted: () -> Bool) throws(PipelineError) -> Frame? {
        if !isWaiting { laps.restart() }
        isWaiting = true
        guard let frame = try link.receive(mayRest: false, unless: isInterrupted) else { return nil }
        guard try rules.check(frame, from: lastRank) == .microbatch,
            frame.header.microbatchID == submittedCount - UInt64(inFlightCount)
        else { throw .malformedFrame(from: lastRank) }
        collected = (frame.header.microbatchID, frame.rowCount, clock.seconds)
        endWaiting(rows: frame.rowCount)
        inFlightCount -= 1
        laps.restart()
        note(frame.header)
        return frame
    }

    /// Takes back a frame that was collected and is done with: until then this rank was busy with it.
    public func finish(_ frame: consuming Frame) {
        laps.lap(.sample, microbatch: collected.microbatch, rows: collected.rows)
        busySeconds[0] += clock.seconds - collected.seconds
        link.recycle(frame)
    }

    /// For the trace: what was done with the frame that was collected, since the last such call or since it came.
    public func note(_ activity: Activity, rows: Int) {
        guard laps.isTraced else { return }
        laps.lap(activity, microbatch: collected.microbatch, rows: rows)
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
        // All listen from here on: the end comes to each by way of those before it, of which one may have stopped.
        if isResting { try link.wake() }
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
