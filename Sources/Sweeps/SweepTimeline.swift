import Figures
import ReportSchemas
import Reports

/// Which stage computed which microbatch when, from a trace of one more run.
public struct SweepTimeline: Sendable {
    /// The point that was traced.
    public let point: SweepPoint?
    let trace: TraceReport?
    /// Why there is none.
    let absence: String?

    private init(_ point: SweepPoint?, _ trace: TraceReport?, _ absence: String?) {
        self.point = point
        self.trace = trace
        self.absence = absence
    }

    /// There is no trace, because of this.
    public static func absent(_ reason: String) -> SweepTimeline { SweepTimeline(nil, nil, reason) }

    /// The trace at `path`, of a run of `point`.
    public init(_ path: String, of point: SweepPoint) {
        do { self.init(point, try TraceReport.read(path), nil) } catch { self = .absent("\(error)") }
    }

    /// The point worth a timeline: of those on the most ranks the one that just fills the ring.
    public static func choose(from points: [SweepPoint]) -> SweepPoint? {
        guard let ranks = points.map(\.ranks).max() else { return nil }
        let candidates = points.filter { $0.ranks == ranks }
        return candidates.filter { $0.sequences >= 2 * ranks }.min { $0.sequences < $1.sequences }
            ?? candidates.max { $0.sequences < $1.sequences }
    }
}

extension SweepReport {
    private static let microbatchesShown = 24

    func addTimeline(to page: inout Page) {
        guard let trace = timeline.trace, let point = timeline.point else {
            page.add("Timeline", ["There is no timeline: \(timeline.absence ?? "no run was traced")"])
            return
        }
        let windows = trace.windows(count: Self.microbatchesShown)
        let spans = trace.spans
        let figures = [("Prompts", windows.prefill), ("Decode", windows.decode)].compactMap { name, window in
            window.map { figure(name, $0, spans, ranks: point.ranks) }
        }
        page.add(
            "Timeline",
            [
                "Which stage computed which microbatch when, on \(point): boxes are a stage's layers, with the number of "
                    + "the microbatch, plain bars embedding, head and sampling, thin black ones at the foot sending; "
                    + "between them a stage waits. From a run of its own, so its times differ a little from those above."
            ], figures: figures)
    }

    private func figure(_ name: String, _ window: TraceWindow, _ spans: [TraceReport.Span], ranks: Int) -> Page.Figure {
        let shown = spans.filter {
            $0.start < window.end && $0.end > window.start && $0.name != "wait" && (0..<ranks).contains($0.rank)
        }
        let events = shown.map { span -> TimelineChart.Event in
            let kind: TimelineChart.Event.Kind =
                switch span.name {
                case "compute": .work(span.microbatch)
                case "send": .handover
                default: .other
                }
            return TimelineChart.Event(
                row: span.rank, kind: kind, start: max(span.start, window.start), end: min(span.end, window.end))
        }
        let first = window.microbatches
        let chart = TimelineChart(
            title: "\(name), microbatches \(first.lowerBound) to \(first.upperBound)",
            description: "A row for each rank; boxes are microbatches in its layers, in the order of time.",
            rows: (0..<ranks).map { "rank \($0)" }, events: events)
        let rows = (0..<ranks).map { rank -> [String] in
            let own = shown.filter { $0.rank == rank }
            func seconds(_ names: (String) -> Bool) -> Double {
                own.filter { names($0.name) }.reduce(0) { $0 + min($1.end, window.end) - max($1.start, window.start) }
            }
            let (layers, sending) = (seconds { $0 == "compute" }, seconds { $0 == "send" })
            let other = seconds { $0 != "compute" && $0 != "send" }
            let idle = max(0, window.end - window.start - layers - sending - other)
            return ["\(rank)"] + [layers, other, sending, idle].map { ($0 * 1000).figures }
        }
        return Page.Figure(
            chart,
            table: Table(
                caption: "Milliseconds in this window",
                columns: ["rank", "layers", "embedding, head, sampling", "sending", "waiting"], rows: rows))
    }
}
