/// A moment that rank 0 gives a name, such as the beginning of a measurement.
///
/// Events between two marks are those whose `phase` is the first one's: a phase ends on every rank with the frame that
/// takes the sums of its times, so that its events are exactly what these sums count.
public struct TraceMark: Sendable, Equatable {
    public var name: String
    /// Nanoseconds of rank 0's clock.
    public var time: Int64
    public var phase: Int
    public var details: [String: Int]
}
