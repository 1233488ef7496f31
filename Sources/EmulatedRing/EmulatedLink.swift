import MPI
import Planning
import Ring

/// A link over another one whose frames arrive when the edge that is emulated would deliver them.
///
/// Frames are real and take the real way. Behind each travels the emulated time of its arrival: when it was sent, or when
/// the frame before it had left, and what the edge takes for its bytes. Frames without hidden states take no time.
public final class EmulatedLink: Link {
    private let inner: any Link
    private let edge: LinkProfile
    private let clock: EmulatedClock
    /// When the last frame will have left.
    private var edgeIsFree: Int64 = 0
    /// A frame that came before its time; at most one.
    private var early: Frame?
    private var earlyArrival: Int64?

    /// Bytes that the link below needs beside the largest frame.
    public static let frameOverhead = Frame.trailerByteCount

    /// - Parameters:
    ///   - inner: With room for ``frameOverhead`` more bytes than the largest frame.
    ///   - edge: To the next stage.
    public init(_ inner: any Link, edge: LinkProfile, clock: EmulatedClock) {
        self.inner = inner
        self.edge = edge
        self.clock = clock
    }

    public var previousRank: Int { inner.previousRank }

    public func makeFrame() -> Frame { inner.makeFrame() }

    public func send(_ frame: consuming Frame) throws(PipelineError) {
        var arrival = clock.reckoned
        if frame.isMicrobatch {
            edgeIsFree = max(edgeIsFree, arrival) + nanoseconds(edge.occupation(bytes: frame.byteCount))
            arrival = edgeIsFree + nanoseconds(edge.delay)
        }
        frame.append(trailer: arrival)
        try inner.send(frame)
    }

    public func hasArrived() throws(PipelineError) -> Bool {
        try arrivalOfFirst().map { $0 <= clock.reckoned } ?? false
    }

    public func receive(mayRest: Bool) throws(PipelineError) -> Frame {
        if earlyArrival == nil { try keep(inner.receive(mayRest: mayRest)) }
        clock.advance(to: earlyArrival!)
        earlyArrival = nil
        return early.take()!
    }

    public func receive(mayRest: Bool, unless isInterrupted: () -> Bool) throws(PipelineError) -> Frame? {
        if earlyArrival == nil {
            guard let frame = try inner.receive(mayRest: mayRest, unless: isInterrupted) else { return nil }
            try keep(frame)
        }
        // It is here, but its time has not come.
        var backoff = Backoff(.sleeping)
        while !clock.hasPassed(earlyArrival!) {
            if isInterrupted() { return nil }
            inner.progress()
            _ = backoff.pause()
        }
        return try receive(mayRest: mayRest)
    }

    public func wake() throws(PipelineError) { try inner.wake() }

    public func progress() { inner.progress() }

    public func recycle(_ frame: consuming Frame) { inner.recycle(frame) }

    public func close() throws(PipelineError) { try inner.close() }

    /// When the next frame arrives, where one is there already; nil for none.
    private func arrivalOfFirst() throws(PipelineError) -> Int64? {
        if earlyArrival == nil, try inner.hasArrived() { try keep(inner.receive(mayRest: false)) }
        return earlyArrival
    }

    /// Keeps a frame until its time has come.
    private func keep(_ received: consuming Frame) throws(PipelineError) {
        var frame = received
        guard let arrival = frame.removeTrailer() else { throw .malformedFrame(from: previousRank) }
        early = consume frame
        earlyArrival = arrival
    }

    private func nanoseconds(_ seconds: Double) -> Int64 { Int64((seconds * 1e9).rounded()) }
}
