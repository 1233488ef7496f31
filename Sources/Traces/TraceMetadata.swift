/// What a trace says of itself: where it comes from, what is missing, and how far its clocks can be trusted.
public struct TraceMetadata {
    private let version: String
    /// Layers of each rank.
    private let partition: [Int]
    private let hosts: [String]
    private let isEmulated: Bool
    /// The ranks whose events are in the file.
    public var ranks: [RankTrace] = []
    /// Why not all are; nil where they are.
    public var failure: String?

    /// - Parameters:
    ///   - version: The program's.
    ///   - partition: Layers of each rank.
    ///   - hosts: The host of each rank.
    public init(version: String, partition: [Int], hosts: [String], isEmulated: Bool) {
        self.version = version
        self.partition = partition
        self.hosts = hosts
        self.isEmulated = isEmulated
    }

    func write(to text: inout TraceText) {
        text.append(#"{"program":"stagecoach","version":"#)
        text.append(quoted: version)
        text.append(#","ranks":"#)
        text.append(partition.count)
        text.append(#","partition":["#)
        text.append(json: partition.map(String.init).joined(separator: ","))
        text.append(#"],"emulated":"#)
        text.append(isEmulated ? "true" : "false")
        text.append(#","complete":"#)
        text.append(failure == nil ? "true" : "false")
        if let failure {
            text.append(#","failure":"#)
            text.append(quoted: failure)
        }
        text.append(#","clocks":["#)
        for (index, rank) in ranks.enumerated() {
            if index > 0 { text.append(",") }
            write(rank, to: &text)
        }
        text.append("]}")
    }

    private func write(_ rank: RankTrace, to text: inout TraceText) {
        text.append("\n{\"rank\":")
        text.append(rank.rank)
        text.append(#","host":"#)
        text.append(quoted: hosts[rank.rank])
        text.append(#","offset_us":"#)
        text.append(microseconds: rank.clock.start.offset)
        text.append(#","uncertainty_us":"#)
        text.append(microseconds: rank.clock.uncertainty)
        text.append(#","drift_ppm":"#)
        text.append(json: "\(rank.clock.drift * 1e6)")
        text.append(#","drift_uncertainty_ppm":"#)
        text.append(json: "\(rank.clock.driftUncertainty * 1e6)")
        text.append(#","dropped_events":"#)
        text.append(rank.droppedCount)
        text.append("}")
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    /// One sentence for people.
    public func summary(path: String, eventCount: Int) -> String {
        let ranks = partition.count == 1 ? "1 rank" : "\(partition.count) ranks"
        var text = "\(isEmulated ? "EMULATED: " : "")trace of \(ranks), \(eventCount) events, in \(path)"
        let measured = self.ranks.map(\.clock).filter { $0.uncertainty > 0 }
        if !measured.isEmpty {
            let worst = measured.max { $0.uncertainty < $1.uncertainty }!
            let offset = measured.max { $0.start.offset.magnitude < $1.start.offset.magnitude }!
            let drift = measured.max { abs($0.drift) < abs($1.drift) }!
            text +=
                "; clocks of \(measured.count) ranks on other hosts aligned to within "
                + "\(Double(worst.uncertainty / 100) / 10) us (largest offset \(offset.start.offset / 1000) us, "
                + "largest drift \(Self.tenths(drift.drift * 1e6)) +- \(Self.tenths(drift.driftUncertainty * 1e6)) ppm)"
        }
        let dropped = self.ranks.reduce(0) { $0 + $1.droppedCount }
        if dropped > 0 { text += "; \(dropped) older events were dropped" }
        return text
    }
}
