import Engine
import Figures
import Requests

/// One line of measured figures after an answer.
struct FiguresLine {
    let text: String

    init(_ timings: Timings, _ facts: JobFacts) {
        text = """
            [\(Self.layout(facts)) · \
            TTFT \(timings.timeToFirstToken.milliseconds()) ms · \
            prefill \(timings.prefillRate.decimal(1)) tok/s (\(timings.prefillTokens)) · \
            decode \(timings.decodeRate.decimal(1)) tok/s (\(timings.decodeTokens))]
            """
    }

    /// Where the model ran.
    static func layout(_ facts: JobFacts) -> String {
        let ranks = facts.rankCount == 1 ? "1 rank" : "\(facts.rankCount) ranks"
        let layers = facts.partition.map(String.init).joined(separator: "+")
        return
            "\(facts.isEmulated ? "EMULATED · " : "")\(ranks) · layers \(layers) · \(facts.threadCount) threads a rank"
    }
}
