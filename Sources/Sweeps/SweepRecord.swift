import ReportSchemas

/// What became of one point.
public struct SweepRecord: Decodable, Sendable {
    public let point: SweepPoint
    /// The command that measured it, as one would type it.
    public let command: String
    /// When it began, as ISO 8601 has it.
    public let started: String
    /// How long it took, with its start and end.
    public let seconds: Double
    /// What `bench --json` printed; nil where it failed.
    public let bench: BenchReport?
    /// Why it failed; nil where it did not.
    public let error: String?

    /// The only result that a point's `bench` has.
    public var result: BenchResult? { bench?.results.first }
}
