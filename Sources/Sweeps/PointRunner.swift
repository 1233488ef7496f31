import FoundationEssentials
import Glibc
import Launching
import Platform
import SystemPackage

/// Runs the command of one point, and ends it where it takes too long.
public struct PointRunner: Sendable {
    public enum Outcome: Sendable, Equatable {
        /// The one line that it printed.
        case line(String)
        /// Why there is none.
        case failure(String)
        /// A signal asked this program to end, so the command was ended too.
        case interrupted(signal: CInt)
    }

    /// How long a point may take.
    public let limit: Duration
    /// The folder for what commands say.
    public let logs: String
    let signals: SignalQueue

    public init(limit: Duration, logs: String, signals: SignalQueue) {
        self.limit = limit
        self.logs = logs
        self.signals = signals
    }

    /// Runs `command`; what it prints goes to `name.out` and `name.err` among the logs. Nothing that it started here lives on
    /// when this returns.
    ///
    /// - Throws: Where the command cannot be started at all, or the logs cannot be written.
    public func run(
        _ command: [String], by family: LauncherFamily, environment: [String: String], name: String
    ) throws(SweepError) -> Outcome {
        let (output, errors) = ("\(logs)/\(name).out", "\(logs)/\(name).err")
        let end = try session(command, family, environment, output, errors)
        let said = Self.lastWords(try Self.text(of: errors))
        let addition = said.map { "; it said: \($0)" } ?? ""
        if let signal = end.signal { return .interrupted(signal: signal) }
        if end.isOverLimit {
            return .failure("took longer than \(limit.components.seconds) s and was ended\(addition)")
        }
        switch end.program {
        case .exited(0):
            let lines = try Self.text(of: output).split(whereSeparator: \.isNewline)
            return lines.count == 1
                ? .line(String(lines[0])) : .failure("printed \(lines.count) lines in place of one\(addition)")
        case .exited(let status): return .failure(said ?? "ended with exit status \(status) and said nothing")
        case .killed(let signal): return .failure("was killed by signal \(signal)\(addition)")
        }
    }

    private func session(
        _ command: [String], _ family: LauncherFamily, _ environment: [String: String], _ output: String,
        _ errors: String
    ) throws(SweepError) -> SessionEnd {
        let output = try Self.create(output)
        defer { try? output.close() }
        let errors = try Self.create(errors)
        defer { try? errors.close() }
        do {
            let session = try RankSession(
                command, environment: environment, .unattended(limit: limit), signals: signals, input: .nothing(),
                output: output, errors: errors, family: family)
            let end = session.wait()
            for reason in end.said.reasons where end.program != .exited(0) {
                try? errors.writeWhole(Array("\(reason)\n".utf8))
            }
            return end
        } catch {
            throw SweepError(.failure, "\(error)")
        }
    }
}

extension PointRunner {
    private static func create(_ path: String) throws(SweepError) -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                path, .writeOnly, options: [.create, .truncate, .append, .closeOnExec],
                permissions: FilePermissions(rawValue: 0o644))
        } catch {
            throw SweepError(.badInput, "cannot write \(path): \(error)")
        }
    }

    private static func text(of path: String) throws(SweepError) -> String {
        String(decoding: try SweepJournal.contents(of: path) ?? Data(), as: UTF8.self)
    }

    /// What the program itself said last, or else the last line at all; nil where nothing was said.
    private static func lastWords(_ text: String) -> String? {
        let mark = "stagecoach: "
        let lines = text.split(whereSeparator: \.isNewline)
        let last = lines.last { $0.hasPrefix(mark) }.map { $0.dropFirst(mark.count) } ?? lines.last
        return last.map { String($0.prefix(1000)) }
    }
}
