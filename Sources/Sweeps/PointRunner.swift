import FoundationEssentials
import Glibc
import Subprocess
import Synchronization

/// Runs the command of one point, and ends it where it takes too long.
public struct PointRunner: Sendable {
    public enum Outcome: Sendable, Equatable {
        /// The one line that it printed.
        case line(String)
        /// Why there is none.
        case failure(String)
        /// A signal asked this program to end, so the command was ended too; see ``Interruption``.
        case interrupted
    }

    /// How long a point may take.
    public let limit: Duration
    /// The folder for what commands say.
    public let logs: String

    public init(limit: Duration, logs: String) {
        self.limit = limit
        self.logs = logs
    }

    /// Runs `words`; what they print goes to `name.out` and `name.err` among the logs.
    ///
    /// - Throws: Where the command cannot be started at all, or the logs cannot be written.
    public func run(_ words: [String], name: String) async throws(SweepError) -> Outcome {
        let (output, errors) = ("\(logs)/\(name).out", "\(logs)/\(name).err")
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(10))]
        let configuration = Configuration(
            executable: words[0].contains("/") ? .path(.init(words[0])) : .name(words[0]),
            arguments: Arguments(Array(words.dropFirst())), platformOptions: options)
        let end: End
        do {
            end = try await supervise(configuration, try Self.create(output), try Self.create(errors))
        } catch let error as SweepError {
            throw error
        } catch {
            throw SweepError(.failure, "cannot start \(words[0]): \(error)")
        }
        let said = Self.lastWords(try Self.text(of: errors))
        let addition = said.map { "; it said: \($0)" } ?? ""
        switch end {
        case .interrupted: return .interrupted
        case .tooLong: return .failure("took longer than \(limit.components.seconds) s and was ended\(addition)")
        case .exited(0):
            let lines = try Self.text(of: output).split(whereSeparator: \.isNewline)
            return lines.count == 1
                ? .line(String(lines[0])) : .failure("printed \(lines.count) lines in place of one\(addition)")
        case .exited(let status): return .failure(said ?? "ended with exit status \(status) and said nothing")
        case .signaled(let signal): return .failure("was killed by signal \(signal)\(addition)")
        }
    }

    private enum End: Sendable {
        case exited(CInt)
        case signaled(CInt)
        case tooLong
        case interrupted
    }

    /// Runs the command and ends it at its limit; nothing of its session lives on when this returns.
    private func supervise(_ configuration: Configuration, _ output: CInt, _ errors: CInt) async throws -> End {
        let session = Session()
        defer { session.end() }
        return try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask { try await Self.execute(configuration, output, errors, session) }
            group.addTask { [limit] in
                let deadline = ContinuousClock.now + limit
                while ContinuousClock.now < deadline {
                    if Interruption.signal != nil { return .interrupted }
                    try await Task.sleep(for: .milliseconds(100))
                }
                return .tooLong
            }
            // Whichever is first ends the other; a command that still runs goes through its teardown sequence.
            let end = try await group.next()!
            group.cancelAll()
            while await group.nextResult() != nil {}
            return end
        }
    }

    private static func execute(
        _ configuration: Configuration, _ output: CInt, _ errors: CInt, _ session: Session
    ) async throws -> End {
        let result = try await Subprocess.run(
            configuration, input: .none,
            output: .fileDescriptor(.init(rawValue: output), closeAfterSpawningProcess: true),
            error: .fileDescriptor(.init(rawValue: errors), closeAfterSpawningProcess: true)
        ) { execution in session.leader = execution.processIdentifier.value }
        switch result.terminationStatus {
        case .exited(let code): return .exited(code)
        case .signaled(let signal): return .signaled(signal)
        }
    }

    /// The session that a command opened.
    private final class Session: Sendable {
        private let storage = Mutex<pid_t?>(nil)

        var leader: pid_t? {
            get { storage.withLock { $0 } }
            set { storage.withLock { $0 = newValue } }
        }

        func end() {
            if let leader { ProcessSession.kill(leader) }
        }
    }
}

extension PointRunner {
    private static func create(_ path: String) throws(SweepError) -> CInt {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw SweepError(.badInput, "cannot write \(path): \(String(cString: strerror(errno)))")
        }
        return descriptor
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
