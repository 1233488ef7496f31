import Foundation
import Glibc
import Subprocess

/// Starts programs for tests: each has a deadline, its output is kept to the byte, and nothing it started outlives it.
///
/// Output goes to files, not pipes: what was said before a hang is not lost, and a grandchild that keeps a pipe open
/// cannot hold the test. Programs run in a session of their own, so that all they started is found and ended by
/// session, never by name.
public enum Launcher {
    /// Ends hangs and nothing else: no program that makes headway takes as long, however busy the machine is.
    public static let patience: Duration = .seconds(600)

    /// Runs `command` (a path, or a name looked up in PATH) and returns when it ended, or was ended at its deadline.
    ///
    /// - Parameters:
    ///   - environment: changes to the inherited environment; nil takes a variable away. `STAGECOACH_*` is not inherited.
    ///   - input: bytes for standard input, which is closed after them.
    ///   - timeout: counted from the start of the program; then SIGTERM, four seconds later SIGKILL.
    ///   - during: runs beside the program: reads what it said so far, sends signals. `run` returns when both ended;
    ///     the deadline cancels it; what it throws ends the program and is thrown on.
    /// - Throws: when the program cannot be started. A bad exit status, a signal or a timeout is a result.
    public static func run(
        _ command: String, _ arguments: [String] = [], environment: [String: String?] = [:], input: [UInt8] = [],
        workingDirectory: String? = nil, timeout: Duration = patience,
        during: (@Sendable (RunningCommand) async throws -> Void)? = nil
    ) async throws -> CommandResult {
        _ = brokenPipesAreErrors
        await LaunchGate.shared.enter()
        defer { LaunchGate.shared.leave() }
        let files = try OutputFiles()
        defer { files.remove() }
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(4))]
        let changes = ownVariables.merging(environment) { $1 }.map { (Environment.Key(rawValue: $0.key)!, $0.value) }
        let configuration = Configuration(
            executable: command.contains("/") ? .path(.init(command)) : .name(command),
            arguments: Arguments(arguments),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: changes)),
            workingDirectory: workingDirectory.map { .init($0) }, platformOptions: options)

        let started = ContinuousClock.now
        let end = try await supervise(configuration, files: files, input: input, timeout: timeout, during: during)
        return CommandResult(
            command: ([command] + arguments).joined(separator: " "), end: end, standardOutput: files.output.contents,
            standardError: files.error.contents, duration: ContinuousClock.now - started)
    }

    /// Takes away what the program reads: the settings of whoever runs the tests must not decide their results.
    private static let ownVariables: [String: String?] = Dictionary(
        uniqueKeysWithValues: ProcessInfo.processInfo.environment.keys.filter { $0.hasPrefix("STAGECOACH_") }
            .map { ($0, nil) })

    /// A program that ends without reading its input must not end the tests by SIGPIPE. The child gets the default back.
    private static let brokenPipesAreErrors: Void = { signal(SIGPIPE, SIG_IGN) }()

    /// Runs the program and ends it at the deadline; nothing of its session lives on when this returns.
    private static func supervise(
        _ configuration: Configuration, files: OutputFiles, input: [UInt8], timeout: Duration,
        during: (@Sendable (RunningCommand) async throws -> Void)?
    ) async throws -> CommandResult.End {
        let session = SessionBox()
        defer { session.endAll() }
        return try await withThrowingTaskGroup(of: CommandResult.End?.self) { group in
            group.addTask {
                try await execute(configuration, files: files, input: input, session: session, during: during)
            }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            if case .some(.some(let end)) = try await group.next() { return end }
            group.cancelAll()  // the deadline came first: the library now runs the teardown sequence
            _ = try? await group.next()
            return .timedOut
        }
    }

    private static func execute(
        _ configuration: Configuration, files: OutputFiles, input: [UInt8], session: SessionBox,
        during: (@Sendable (RunningCommand) async throws -> Void)?
    ) async throws -> CommandResult.End {
        let result = try await Subprocess.run(
            configuration, input: .inputWriter,
            output: .fileDescriptor(.init(rawValue: try files.output.open()), closeAfterSpawningProcess: true),
            error: .fileDescriptor(.init(rawValue: try files.error.open()), closeAfterSpawningProcess: true)
        ) { execution in
            session.process = execution.processIdentifier.value
            // A program may end without reading all of its input: that is no error of the launch.
            if !input.isEmpty { _ = try? await execution.standardInputWriter.write(input) }
            try? await execution.standardInputWriter.finish()
            guard let during else { return }
            let running = RunningCommand(process: execution.processIdentifier.value, files: files)
            try await during(running)
        }
        switch result.terminationStatus {
        case .exited(let code): return .exited(Int(code))
        case .signaled(let signal): return .signaled(Int(signal))
        }
    }
}
