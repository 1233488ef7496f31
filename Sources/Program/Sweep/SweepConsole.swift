import Engine
import Figures
import Reports
import Requests
import Sweeps

/// Tells on stderr how a sweep goes, a line for each point.
struct SweepConsole: Sendable {
    private let total: Int

    init(_ definition: SweepDefinition) { total = definition.grid.points.count }

    func show(_ index: Int, _ progress: SweepRun.Progress) {
        let place = "[\(index + 1) of \(total)]"
        switch progress {
        case .skipped(let point): Console.log("\(place) \(point): measured before\n")
        case .begun(let point): if Console.showsProgress { Console.log("\(place) \(point) ...") }
        case .measured(let record):
            if Console.showsProgress { Console.log("\r\u{1B}[2K") }
            Console.log("\(place) \(record.point): \(outcome(record))\n")
        }
    }

    private func outcome(_ record: SweepRecord) -> String {
        guard let result = record.result else { return "FAILED: \(record.error ?? "")" }
        return
            "prefill \(result.prefillTokensPerSecond.figures), decode \(result.decodeTokensPerSecond.figures) tok/s, "
            + "TTFT \((result.ttftSeconds * 1000).figures) ms (\(record.seconds.decimal(0)) s)"
    }
}

extension EngineError {
    init(_ error: SweepError) {
        switch error.kind {
        case .usage: self = .usage(error.description)
        case .badInput: self = .badInput(error.description)
        case .failure: self = .failure(error.description)
        }
    }
}
