/// One layout and load to measure.
public struct SweepPoint: Codable, Hashable, Sendable, CustomStringConvertible {
    public var ranks: Int
    /// Of each rank.
    public var threads: Int
    /// At once.
    public var sequences: Int
    /// In flight; nil: as many as the work wants.
    public var microbatches: Int?

    public init(ranks: Int, threads: Int, sequences: Int, microbatches: Int? = nil) {
        self.ranks = ranks
        self.threads = threads
        self.sequences = sequences
        self.microbatches = microbatches
    }

    public var description: String {
        func counted(_ count: Int, _ what: String) -> String { count == 1 ? "1 \(what)" : "\(count) \(what)s" }
        let flight = microbatches.map { ", " + ($0 == 1 ? "1 microbatch" : "\($0) microbatches") } ?? ""
        return "\(counted(ranks, "rank")) of \(counted(threads, "thread")), \(counted(sequences, "sequence"))\(flight)"
    }

    /// The flags of `bench` that ask for this point.
    public var arguments: [String] {
        ["--threads", "\(threads)", "--sequences", "\(sequences)"]
            + (microbatches.map { ["--microbatches", "\($0)"] } ?? [])
    }
}
