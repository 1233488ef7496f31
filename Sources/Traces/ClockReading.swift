/// One reading of a rank's clock beside rank 0's.
public struct ClockReading: Sendable, Equatable, BitwiseCopyable {
    /// When it was read, by rank 0's clock, in nanoseconds.
    public var time: Int64
    /// What the rank's clock showed more than rank 0's, in nanoseconds.
    public var offset: Int64
    /// How far off that may be: half of the time that the question and its answer took.
    public var uncertainty: Int64

    /// A question sent at `sent` and answered at `received`, with what the other clock showed in between. It was read
    /// somewhere between the two; the middle is at most half of their distance away (Cristian 1989).
    init(sent: Int64, theirs: Int64, received: Int64) {
        let half = (received - sent) / 2
        time = sent + half
        offset = theirs - time
        uncertainty = half
    }

    /// The reading of a clock that is rank 0's own.
    static func shared(at time: Int64) -> ClockReading { ClockReading(sent: time, theirs: time, received: time) }
}
