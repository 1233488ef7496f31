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
