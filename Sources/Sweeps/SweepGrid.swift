/// All combinations of layouts and loads that a sweep measures.
public struct SweepGrid: Codable, Equatable, Sendable {
    public var ranks: [Int]
    public var threads: [Int]
    /// In weak scaling for each rank.
    public var sequences: [Int]
    /// nil stands for a number chosen by the work.
    public var microbatches: [Int?]
    public var scaling: Scaling

    public init(
        ranks: [Int], threads: [Int], sequences: [Int], microbatches: [Int?] = [nil], scaling: Scaling = .strong
    ) {
        self.ranks = ranks
        self.threads = threads
        self.sequences = sequences
        self.microbatches = microbatches
        self.scaling = scaling
    }

    /// Each point once, those with few ranks first.
    public var points: [SweepPoint] {
        var seen: Set<SweepPoint> = []
        var points: [SweepPoint] = []
        for ranks in ranks.sorted() {
            for threads in threads {
                for microbatches in microbatches {
                    for sequences in sequenceCounts(ranks: ranks) {
                        let point = SweepPoint(
                            ranks: ranks, threads: threads, sequences: sequences, microbatches: microbatches)
                        if seen.insert(point).inserted { points.append(point) }
                    }
                }
            }
        }
        return points
    }

    private func sequenceCounts(ranks: Int) -> [Int] {
        let strong = scaling.isStrong ? sequences : []
        let weak = scaling.isWeak ? sequences.map { $0 * ranks } : []
        return Set(strong + weak).sorted()
    }
}
