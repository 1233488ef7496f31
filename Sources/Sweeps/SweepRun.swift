import FoundationEssentials
import ReportSchemas

/// Measures the points of a sweep that are still missing, one after the other.
public struct SweepRun: Sendable {
    public enum Progress: Sendable {
        /// An earlier run measured it.
        case skipped(SweepPoint)
        case begun(SweepPoint)
        case measured(SweepRecord)
    }

    public let definition: SweepDefinition
    public let launch: LaunchLine
    public let runner: PointRunner

    public init(_ definition: SweepDefinition, launch: LaunchLine, runner: PointRunner) {
        self.definition = definition
        self.launch = launch
        self.runner = runner
    }

    /// Fills in the journal. A point that fails is noted, and tried again by the next run; the others go on.
    ///
    /// - Returns: false where a signal ended it before its time.
    public func measure(
        _ journal: inout SweepJournal, _ report: (_ index: Int, Progress) -> Void
    ) async throws(SweepError) -> Bool {
        for (index, point) in definition.grid.points.enumerated() {
            if Interruption.signal != nil { return false }
            if journal.records[point]?.result != nil {
                report(index, .skipped(point))
                continue
            }
            report(index, .begun(point))
            guard let line = try await line(for: point) else { return false }
            report(index, .measured(try journal.append(line)))
        }
        return true
    }

    private func line(for point: SweepPoint) async throws(SweepError) -> SweepLine? {
        let words = launch.words(ranks: point.ranks, definition.benchArguments(point))
        let (started, clock) = (Date(), ContinuousClock.now)
        let outcome = try await runner.run(words, name: point.fileName)
        let seconds = clock.duration(to: .now).components
        func line(_ result: Result<String, SweepError>) -> SweepLine {
            SweepLine(
                point: point, command: words.shellLine, started: started,
                seconds: Double(seconds.seconds) + Double(seconds.attoseconds) * 1e-18, outcome: result)
        }
        switch outcome {
        case .interrupted: return nil
        case .failure(let message): return line(.failure(SweepError(.failure, message)))
        case .line(let text):
            let report = try? JSONDecoder.forReports.decode(BenchReport.self, from: Data(text.utf8))
            guard report?.results.count == 1 else {
                return line(.failure(SweepError(.failure, "printed no report of bench")))
            }
            return line(.success(text))
        }
    }

    /// Runs one point once more, briefly, and writes down what each stage did when.
    ///
    /// - Parameter path: The trace file.
    public func trace(_ point: SweepPoint, to path: String) async throws(SweepError) -> SweepTimeline {
        var brief = definition
        brief.repetitions = 1
        brief.generateTokens = min(definition.generateTokens, 16)
        let words = launch.words(ranks: point.ranks, brief.benchArguments(point) + ["--trace", path])
        switch try await runner.run(words, name: "trace") {
        case .interrupted: return .absent("the run was ended.")
        case .failure(let message): return .absent("the run to trace failed: \(message)")
        case .line: return SweepTimeline(path, of: point)
        }
    }
}

extension SweepPoint {
    /// Names the point's files.
    var fileName: String {
        "ranks\(ranks)-threads\(threads)-sequences\(sequences)" + (microbatches.map { "-microbatches\($0)" } ?? "")
    }
}
