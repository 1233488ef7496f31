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

/// How to turn a rank's clock into rank 0's: a straight line through two readings, one at the start and one at the end.
public struct ClockMap: Sendable, Equatable {
    public let start: ClockReading
    public let end: ClockReading

    public init(start: ClockReading, end: ClockReading) {
        self.start = start
        self.end = end
    }

    /// That of rank 0's own clock.
    public static func ownClock(from time: Int64) -> ClockMap {
        ClockMap(start: .shared(at: time), end: .shared(at: time))
    }

    /// How much faster the rank's clock goes than rank 0's.
    public var drift: Double {
        end.time > start.time ? Double(end.offset - start.offset) / Double(end.time - start.time) : 0
    }

    /// How far off `drift` may be.
    public var driftUncertainty: Double {
        end.time > start.time ? Double(start.uncertainty + end.uncertainty) / Double(end.time - start.time) : 0
    }

    /// How far off times between the readings may be at most, in nanoseconds.
    public var uncertainty: Int64 { max(start.uncertainty, end.uncertainty) }

    /// What rank 0's clock showed when the rank's showed `time`.
    public func rankZeroTime(of time: Int64) -> Int64 {
        let since = Double(time - start.offset - start.time) / (1 + drift)
        return start.time + Int64(since.rounded())
    }
}
