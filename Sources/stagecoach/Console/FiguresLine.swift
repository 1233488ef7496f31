import Engine

/// One line of measured figures after an answer.
struct FiguresLine {
    let text: String

    init(_ timings: Timings, _ facts: JobFacts) {
        let ranks = facts.rankCount == 1 ? "1 rank" : "\(facts.rankCount) ranks"
        let layers = facts.partition.map(String.init).joined(separator: "+")
        text = """
            [\(ranks) · layers \(layers) · \(facts.threadCount) threads a rank · \
            TTFT \(Self.decimal(timings.timeToFirstToken * 1000)) ms · \
            prefill \(Self.decimal(timings.prefillRate)) tok/s (\(timings.prefillTokens)) · \
            decode \(Self.decimal(timings.decodeRate)) tok/s (\(timings.decodeTokens))]
            """
    }

    private static func decimal(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        return "\(Int(tenths) / 10).\(Int(tenths) % 10)"
    }
}
