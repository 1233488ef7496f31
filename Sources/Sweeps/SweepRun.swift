import FoundationEssentials
import Launching
import Platform
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
    /// The signal that ended it before its time.
    public private(set) var interruption: CInt?
    /// nil: all ranks on this machine.
    private let hostfile: Hostfile?
    private var machine: LocalMachine
    private let runner: PointRunner
    private let time: any TimeSource

    /// - Parameters:
    ///   - machine: This one. Others have the program at the same path.
    ///   - time: By which it is told how long a point took.
    /// - Throws: Where there is no such hostfile.
    public init(
        _ definition: SweepDefinition, from machine: LocalMachine, runner: PointRunner,
        time: any TimeSource = MachineTime()
    ) throws(SweepError) {
        self.time = time
        self.definition = definition
        do {
            hostfile = try definition.hostfile.map { path throws(LaunchError) in try Hostfile(contentsOf: path) }
        } catch {
            throw SweepError(.badInput, error.description)
        }
        self.machine = machine
        // Nobody watches a rank of a sweep.
        self.machine.environment["STAGECOACH_PROGRESS"] = nil
        self.runner = runner
    }

    /// Fills in the journal. A point that fails is noted, and tried again by the next run; the others go on.
    ///
    /// Stops where it is interrupted.
    public mutating func measure(
        _ journal: inout SweepJournal, _ report: (_ index: Int, Progress) -> Void
    ) throws(SweepError) {
        for (index, point) in definition.grid.points.enumerated() {
            if journal.records[point]?.result != nil {
                report(index, .skipped(point))
                continue
            }
            report(index, .begun(point))
            guard let line = try line(for: point) else { return }
            report(index, .measured(try journal.append(line)))
        }
    }

    /// nil where it was interrupted.
    private mutating func line(for point: SweepPoint) throws(SweepError) -> SweepLine? {
        let launch = try launch(of: point, definition.benchArguments(point))
        let (started, start) = (Date(), time.now)
        let outcome = try runner.run(
            launch.command, by: launch.family, environment: machine.environment, name: point.fileName)
        let duration = time.now - start
        func line(_ result: Result<String, SweepError>) -> SweepLine {
            SweepLine(
                point: point, command: launch.words.shellLine, started: started, seconds: duration.seconds,
                outcome: result)
        }
        switch outcome {
        case .interrupted(let signal):
            interruption = signal
            return nil
        case .failure(let message): return line(.failure(SweepError(.failure, message)))
        case .line(let text):
            let report = try? JSONDecoder.forReports.decode(BenchReport.self, from: Data(text.utf8))
            guard report?.results.count == 1 else {
                return line(.failure(SweepError(.failure, "printed no report of bench")))
            }
            return line(.success(text))
        }
    }

    private func launch(of point: SweepPoint, _ arguments: [String]) throws(SweepError) -> LaunchLine {
        let options = LaunchOptions(
            hostfile: hostfile?.path, ranks: point.ranks,
            program: machine.variable("STAGECOACH_PROGRAM") ?? machine.program, arguments: arguments)
        do {
            return try LaunchLine(options, hostfile, by: .find(nil, on: machine), from: machine)
        } catch {
            throw SweepError(.failure, error.description)
        }
    }

    /// Runs one point once more, briefly, and writes down what each stage did when.
    ///
    /// - Parameter path: The trace file.
    public mutating func trace(_ point: SweepPoint, to path: String) throws(SweepError) -> SweepTimeline {
        var brief = definition
        brief.repetitions = 1
        brief.generateTokens = min(definition.generateTokens, 16)
        let launch = try launch(of: point, brief.benchArguments(point) + ["--trace", path])
        switch try runner.run(launch.command, by: launch.family, environment: machine.environment, name: "trace") {
        case .interrupted(let signal):
            interruption = signal
            return .absent("the run was ended.")
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
