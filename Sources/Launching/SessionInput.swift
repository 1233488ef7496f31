import Glibc
import SystemPackage

/// What rank 0 of a session reads.
public struct SessionInput: Sendable {
    let descriptor: FileDescriptor

    /// Nothing.
    public static func nothing() throws(LaunchError) -> SessionInput {
        SessionInput(descriptor: try attempt { try .open("/dev/null", .readOnly, options: .closeOnExec) })
    }

    /// This process's own input. A session is a process group of its own, which may not read from the terminal: what is typed
    /// there is read here and goes through a pipe.
    public static func standard() throws(LaunchError) -> SessionInput {
        // Where it was closed, the next file that is opened would take its place.
        guard fcntl(STDIN_FILENO, F_GETFD) >= 0 else { return try nothing() }
        guard isatty(STDIN_FILENO) == 1 else { return SessionInput(descriptor: .standardInput) }
        let pipe = try attempt { try FileDescriptor.pipe(options: .closeOnExec) }
        try DetachedThread.start { pass(from: .standardInput, to: pipe.writeEnd) }
        return SessionInput(descriptor: pipe.readEnd)
    }

    /// Returns at the end of the input.
    private static func pass(from terminal: FileDescriptor, to pipe: FileDescriptor) {
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        while let count = try? buffer.withUnsafeMutableBytes({ try terminal.read(into: $0) }), count > 0,
            (try? pipe.writeAll(buffer[..<count])) != nil
        {}
        try? pipe.close()
    }

    private static func attempt<Value>(_ body: () throws -> Value) throws(LaunchError) -> Value {
        do { return try body() } catch { throw .failure("cannot set up the input of rank 0: \(error)") }
    }
}
