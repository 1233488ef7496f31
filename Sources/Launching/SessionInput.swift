import Glibc
import Platform
import SystemPackage

/// What rank 0 of a session reads.
public struct SessionInput: Sendable {
    let descriptor: FileDescriptor

    /// Nothing.
    public static func nothing() throws(LaunchError) -> SessionInput {
        try attempt { SessionInput(descriptor: try .open("/dev/null", .readOnly, options: .closeOnExec)) }
    }

    /// This process's own input. A session is a process group of its own, which may not read from the terminal: what is typed
    /// there is read here and goes through a pipe.
    public static func standard() throws(LaunchError) -> SessionInput {
        // Where it was closed, the next file that is opened would take its place.
        guard fcntl(STDIN_FILENO, F_GETFD) >= 0 else { return try nothing() }
        guard isatty(STDIN_FILENO) == 1 else { return SessionInput(descriptor: .standardInput) }
        return try attempt {
            let pipe = try FileDescriptor.pipe(options: .closeOnExec)
            _ = try BackgroundThread { pass(from: .standardInput, to: pipe.writeEnd) }
            return SessionInput(descriptor: pipe.readEnd)
        }
    }

    /// Returns at the end of the input.
    ///
    /// Who reads in the background would be stopped, and with it whoever is to end mpirun: here it is an error, and what is
    /// typed is waited for.
    private static func pass(from terminal: FileDescriptor, to pipe: FileDescriptor) {
        var stop = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTTIN)
        pthread_sigmask(SIG_BLOCK, &stop, nil)
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        while true {
            do {
                let count = try buffer.withUnsafeMutableBytes { try terminal.readSome(into: $0) }
                if count == 0 { break }
                try pipe.writeWhole(Array(buffer[..<count]))
            } catch {
                guard (error as? Errno) == .ioError else { break }
                usleep(200_000)
            }
        }
        try? pipe.close()
    }

    private static func attempt(_ body: () throws -> SessionInput) throws(LaunchError) -> SessionInput {
        do { return try body() } catch { throw .failure("cannot set up the input of rank 0: \(error)") }
    }
}
