import FoundationEssentials
import ReportSchemas

extension TraceReport {
    /// - Throws: Where there is no such file, or it is no trace.
    static func read(_ path: String) throws(SweepError) -> TraceReport {
        guard let data = try SweepJournal.contents(of: path),
            let trace = try? JSONDecoder.forReports.decode(TraceReport.self, from: data)
        else { throw SweepError(.failure, "\(path) is no trace that a timeline can be made of") }
        return trace
    }
}

extension TraceReport {
    /// The first microbatches of the prompts of the last measurement, and the first of decoding after them: of the last
    /// two phases.
    ///
    /// - Parameter count: The most microbatches of a window.
    func windows(count: Int) -> (prefill: TraceWindow?, decode: TraceWindow?) {
        let windows = Set(computing.map(\.phase)).sorted().suffix(2).map { phase in
            let microbatches = Set(computing.filter { $0.phase == phase }.map(\.microbatch))
            return window(Array(microbatches.sorted().prefix(count)))
        }
        return (windows.count > 1 ? windows[0] : nil, windows.last ?? nil)
    }

    private func window(_ microbatches: [Int]) -> TraceWindow? {
        guard let first = microbatches.min(), let last = microbatches.max() else { return nil }
        let inside = computing.filter { (first...last).contains($0.microbatch) }
        return TraceWindow(
            microbatches: first...last, start: inside.map(\.start).min()!, end: inside.map(\.end).max()!)
    }

    /// An event as timelines need it, in seconds.
    struct Span {
        let name: String
        let rank: Int
        let microbatch: Int
        let phase: Int
        let start: Double
        let end: Double
    }

    /// All events of microbatches that last.
    var spans: [Span] {
        traceEvents.compactMap { event in
            guard event.ph == "X", let start = event.ts, let duration = event.dur,
                let microbatch = event.args?.microbatch
            else { return nil }
            return Span(
                name: event.name, rank: event.pid, microbatch: microbatch, phase: event.args?.phase ?? 0,
                start: start * 1e-6, end: (start + duration) * 1e-6)
        }
    }

    private var computing: [Span] { spans.filter { $0.name == "compute" } }
}
