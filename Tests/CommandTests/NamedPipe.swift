import Foundation
import Glibc
import TestSupport
import Testing

/// A pipe with a name: whoever reads it waits until a test lets it go on.
final class NamedPipe: Sendable {
    let path = NSTemporaryDirectory() + "stagecoach-\(UUID().uuidString).gguf"

    init() throws { try #require(mkfifo(path, 0o600) == 0) }

    deinit { unlink(path) }

    /// Waits until a process of `command` reads the pipe, which then waits for what `body` writes.
    func whileRead(by command: RunningCommand, _ body: (Int32) async throws -> Void) async throws {
        while true {
            try #require(!command.family.isEmpty, "\(command.errors)")
            let writer = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            if writer >= 0 {
                defer { close(writer) }
                return try await body(writer)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
