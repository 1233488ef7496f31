import FoundationEssentials

/// A trace file of a run, as far as a timeline needs it.
struct Trace: Decodable, Sendable {
    let traceEvents: [Event]

    struct Event: Decodable, Sendable {
        let name: String
        /// "X" for one that has a beginning and a duration.
        let ph: String
        /// Microseconds.
        let ts: Double?
        let dur: Double?
        /// The rank.
        let pid: Int?
        let args: Arguments?
    }

    /// What an event is about; some kinds of events have other arguments.
    struct Arguments: Decodable, Sendable {
        let microbatch: Int?
        let rows: Int?

        private enum Keys: String, CodingKey { case microbatch, rows }

        init(from decoder: any Decoder) throws {
            let container = try? decoder.container(keyedBy: Keys.self)
            microbatch = try? container?.decode(Int.self, forKey: .microbatch)
            rows = try? container?.decode(Int.self, forKey: .rows)
        }
    }

    /// - Throws: Where there is no such file, or it is no trace.
    static func read(_ path: String) throws(SweepError) -> Trace {
        guard let data = try SweepJournal.contents(of: path),
            let trace = try? JSONDecoder().decode(Trace.self, from: data)
        else { throw SweepError(.failure, "\(path) is no trace that a timeline can be made of") }
        return trace
    }
}

/// A few microbatches of one phase, on all ranks.
struct TraceWindow {
    let microbatches: ClosedRange<Int>
    /// Seconds.
    let start: Double
    let end: Double
}

extension Trace {
    /// The first microbatches of the prompts of the last measurement, and the first that only decode after them.
    ///
    /// - Parameters:
    ///   - sequences: How many run; a microbatch with more rows holds prompts.
    ///   - count: The most microbatches of a window.
    func windows(sequences: Int, count: Int) -> (prefill: TraceWindow?, decode: TraceWindow?) {
        let onFirst = computing.filter { $0.rank == 0 }.sorted { $0.start < $1.start }
        guard let last = onFirst.lastIndex(where: { $0.rows > sequences }) else {
            return (nil, window(onFirst.prefix(count).map(\.microbatch)))
        }
        let first = onFirst[..<last].lastIndex { $0.rows <= sequences }.map { $0 + 1 } ?? 0
        return (
            window(onFirst[first...last].prefix(count).map(\.microbatch)),
            window(onFirst[(last + 1)...].prefix(count).map(\.microbatch))
        )
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
        let rows: Int
        let start: Double
        let end: Double
    }

    /// All events of microbatches that last.
    var spans: [Span] {
        traceEvents.compactMap { event in
            guard event.ph == "X", let start = event.ts, let duration = event.dur, let rank = event.pid,
                let microbatch = event.args?.microbatch
            else { return nil }
            return Span(
                name: event.name, rank: rank, microbatch: microbatch, rows: event.args?.rows ?? 0,
                start: start * 1e-6, end: (start + duration) * 1e-6)
        }
    }

    private var computing: [Span] { spans.filter { $0.name == "compute" } }
}
