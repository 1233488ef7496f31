import Engine
import Requests

/// One line of measured figures after an answer.
struct FiguresLine {
    let text: String

    init(_ timings: Timings, _ facts: JobFacts) {
        text = """
            [\(Self.layout(facts)) · \
            TTFT \((timings.timeToFirstToken * 1000).tenths) ms · \
            prefill \(timings.prefillRate.tenths) tok/s (\(timings.prefillTokens)) · \
            decode \(timings.decodeRate.tenths) tok/s (\(timings.decodeTokens))]
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

extension Double {
    /// The number with one decimal place.
    var tenths: String {
        let tenths = (self * 10).rounded()
        return "\(Int(tenths) / 10).\(Int(tenths) % 10)"
    }
}
