/// A trace (`--trace`), as far as anything but a viewer reads it. Times of events are in microseconds.
public struct TraceReport: Codable, Sendable {
    public var traceEvents: [Event]
    public var metadata: Metadata

    public struct Event: Codable, Sendable {
        public var name: String
        /// "X" for one that has a beginning and a duration.
        public var ph: String
        public var ts: Double?
        public var dur: Double?
        /// The rank.
        public var pid: Int
        public var args: Arguments?
    }

    /// What an event is about.
    public struct Arguments: Codable, Sendable {
        public var microbatch: Int?
        public var rows: Int?
        /// Which of a run's prompts or decodings it belongs to, in the order of time.
        public var phase: Int?
        public var name: String?
    }

    public struct Metadata: Codable, Sendable {
        public var ranks: Int
        /// Whether the events of all ranks are there.
        public var complete: Bool
        public var emulated: Bool
        public var clocks: [Clock]
    }

    /// How far the clock of a rank can be trusted.
    public struct Clock: Codable, Sendable {
        public var rank: Int
        public var uncertaintyUs: Double
        public var droppedEvents: Int
    }
}
