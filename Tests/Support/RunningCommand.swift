import Glibc

/// A program under `Launcher.run`, for tests that look or interfere while it runs.
public struct RunningCommand: Sendable {
    public let process: pid_t
    let files: OutputFiles

    public var output: String { String(decoding: files.output.contents, as: UTF8.self) }
    public var errors: String { String(decoding: files.error.contents, as: UTF8.self) }

    /// All live processes that the program started, itself included: under mpirun the ranks are among them.
    public var family: [pid_t] { ProcessSession.members(of: process) }

    /// Sends `signal` to the program alone.
    public func send(_ signal: Int32) { kill(process, signal) }

    /// Waits until standard output (or standard error) holds `text`, or throws when the program ended without it.
    public func wait(forOutput text: String) async throws { try await wait(for: text) { output } }
    public func wait(forError text: String) async throws { try await wait(for: text) { errors } }

    private func wait(for text: String, in source: () -> String) async throws {
        while true {
            let isOver = family.isEmpty
            if source().contains(text) { return }
            if isOver { throw EndedEarly(expected: text, output: output, errors: errors) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    public struct EndedEarly: Error, CustomStringConvertible {
        let expected: String
        let output: String
        let errors: String
        public var description: String {
            "the program ended before it said \"\(expected)\"; stdout: \(output); stderr: \(errors)"
        }
    }
}
