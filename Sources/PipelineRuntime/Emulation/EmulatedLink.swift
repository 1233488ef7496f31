import DequeModule
import MPI
import Planning

/// A link over another one whose frames arrive when the edge that is emulated would deliver them.
///
/// Frames are real and take the real way. Each carries the emulated time of its arrival: when it was sent, or when the
/// frame before it had left, and what the edge takes for its bytes. Frames without hidden states take no time.
public final class EmulatedLink: Link {
    private let inner: any Link
    private let edge: LinkProfile
    private let time: EmulatedTime
    /// When the last frame will have left.
    private var edgeIsFree: Int64 = 0
    /// A frame that came before its time; at most one.
    private var early = UniqueDeque<MessageBuffer>()

    /// - Parameter edge: To the next stage.
    public init(_ inner: any Link, edge: LinkProfile, time: EmulatedTime) {
        self.inner = inner
        self.edge = edge
        self.time = time
    }

    public var previousRank: Int { inner.previousRank }

    public func makeFrame() -> Frame { inner.makeFrame() }

    public func send(_ frame: consuming Frame) throws(PipelineError) {
        var arrival = time.now
        if frame.header.kind == .microbatch {
            edgeIsFree = max(edgeIsFree, arrival) + nanoseconds(edge.occupation(bytes: frame.byteCount))
            arrival = edgeIsFree + nanoseconds(edge.delay)
        }
        frame.header.arrival = arrival
        try inner.send(frame)
    }

    public func hasArrived() throws(PipelineError) -> Bool { try fetch() && arrivalOfFirst <= time.now }

    public func hasArrivedMeanwhile() throws(PipelineError) -> Bool { try fetch() && time.hasPassed(arrivalOfFirst) }

    public var waitPolicy: WaitPolicy { inner.waitPolicy }

    public func receive(mayRest: Bool) throws(PipelineError) -> Frame {
        let frame = early.isEmpty ? try inner.receive(mayRest: mayRest) : Frame(early.removeFirst())
        time.advance(to: frame.header.arrival)
        return frame
    }

    public func wake() throws(PipelineError) { try inner.wake() }

    public func progress() { inner.progress() }

    public func recycle(_ frame: consuming Frame) { inner.recycle(frame) }

    public func close() throws(PipelineError) { try inner.close() }

    /// Whether a frame is there, whatever its time.
    private func fetch() throws(PipelineError) -> Bool {
        if early.isEmpty, try inner.hasArrived() { early.append(try inner.receive(mayRest: false).release()) }
        return !early.isEmpty
    }

    private var arrivalOfFirst: Int64 { early[0].storage.load(as: FrameHeader.self).arrival }

    private func nanoseconds(_ seconds: Double) -> Int64 { Int64((seconds * 1e9).rounded()) }
}
