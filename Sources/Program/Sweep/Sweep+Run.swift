import Engine
import FoundationEssentials
import Glibc
import Launching
import Requests
import Sweeps

extension Sweep {
    /// Measures what is missing, and writes the report of all.
    func sweep() throws {
        guard LauncherRank.isAlone else {
            throw EngineError.usage("bench --sweep starts mpirun itself, for each point; start it alone")
        }
        guard access(model, R_OK) == 0 else {
            throw EngineError.badInput("cannot read \(model): \(String(cString: strerror(errno))); check the path")
        }
        let definition = definition
        let signals = SignalQueue.forLaunches()
        var run = try SweepRun(
            definition, from: .current,
            runner: PointRunner(limit: .seconds(pointTimeout), logs: "\(output)/logs", signals: signals))
        var journal = try SweepJournal(folder: output, definition)
        try run.measure(&journal, SweepConsole(definition).show)
        let timeline = try timeline(&run, journal)
        let report = SweepReport(definition, journal, timeline: timeline, date: Self.now)
        try write(report, journal)
        if let signal = run.interruption ?? signals.waitingEnd() {
            Console.log("stagecoach: the sweep was ended; the same command goes on where it was\n")
            Glibc.exit(128 + signal)
        }
        try tell(journal, report)
    }

    private func timeline(_ run: inout SweepRun, _ journal: SweepJournal) throws(SweepError) -> SweepTimeline {
        guard run.interruption == nil else { return .absent("the sweep was ended.") }
        guard knowsTraces else { return .absent("it was not asked for, or this build writes no traces.") }
        let measured = run.definition.grid.points.filter { journal.records[$0]?.result != nil }
        guard let point = SweepTimeline.choose(from: measured) else { return .absent("no point was measured.") }
        return try run.trace(point, to: "\(output)/trace.json")
    }

    private func write(_ report: SweepReport, _ journal: SweepJournal) throws {
        try journal.write(report.csv, to: "points.csv")
        try journal.write(try report.json, to: "points.json")
        try journal.write(report.html, to: "report.html")
    }

    /// The outcome, and what failed.
    private func tell(_ journal: SweepJournal, _ report: SweepReport) throws {
        Console.print(json ? try report.json : "\(output)/report.html\n")
        let records = definition.grid.points.compactMap { journal.records[$0] }
        let failed = records.filter { $0.result == nil }
        guard failed.count < records.count else {
            throw EngineError.failure(
                "all \(records.count) points failed, the last one with: \(failed.last?.error ?? "")")
        }
        if !failed.isEmpty {
            Console.log("stagecoach: \(failed.count) of \(records.count) points failed; the report says why\n")
        }
    }

    /// What is asked for, without where it is written.
    var definition: SweepDefinition {
        SweepDefinition(
            version: Build.version, model: model,
            hostfile: hostfile ?? getenv("STAGECOACH_HOSTFILE").map { String(cString: $0) },
            promptTokens: promptTokens, generateTokens: generateTokens, repetitions: repetitions,
            grid: SweepGrid(
                ranks: ranks.numbers, threads: threads.numbers, sequences: sequences.numbers,
                microbatches: microbatches.counts, scaling: scaling), passedOn: passedOn)
    }

    /// The date and time, to the minute.
    private static var now: String {
        let text = Date.now.ISO8601Format()
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// Whether a timeline is wanted, and this build's `bench` can write the trace for it.
    private var knowsTraces: Bool {
        timeline && (try? Bench.parse(["--model", model, "--trace", "trace.json"])) != nil
    }
}
