import Glibc
import Platform
import Synchronization
import SystemPackage

/// What rank 0 of a session prints, on its way through this process. mpirun drops what its own standard output does not take
/// and ends with 0 all the same; here it is noticed.
public final class SessionOutput: Sendable {
    private typealias Pipe = (readEnd: FileDescriptor, writeEnd: FileDescriptor)

    private let pipe: Pipe
    /// Something in it tells the thread that mpirun has ended.
    private let end: Pipe
    private let destination: FileDescriptor
    private let problem = Mutex<Errno?>(nil)
    private let thread = Mutex<BackgroundThread?>(nil)

    /// Passes on what is written to ``descriptor``.
    public init(to destination: FileDescriptor = .standardOutput) throws(LaunchError) {
        self.destination = destination
        do {
            pipe = try FileDescriptor.pipe(options: .closeOnExec)
            end = try FileDescriptor.pipe(options: .closeOnExec)
            let thread = try BackgroundThread { [self] in pass() }
            self.thread.withLock { $0 = thread }
        } catch { throw .failure("cannot set up the output of rank 0: \(error)") }
    }

    /// Where mpirun writes.
    public var descriptor: FileDescriptor { pipe.writeEnd }

    /// Why what comes is no longer passed on; nil: it is.
    public var failure: Errno? { problem.withLock { $0 } }

    /// Passes on all that an mpirun that has ended left behind. What processes of its that live on may write is not waited
    /// for.
    ///
    /// - Returns: Why something of it was lost; nil where nothing was.
    public func finish() -> Errno? {
        try? end.writeEnd.writeWhole([1])
        thread.withLock { $0.take() }?.join()
        for file in [pipe.readEnd, pipe.writeEnd, end.readEnd, end.writeEnd] { try? file.close() }
        return failure
    }

    private func pass() {
        // A reader that has gone is an error here like any other.
        var mask = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &mask, nil)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { buffer.deallocate() }
        while waitForMore() {
            guard let count = try? pipe.readEnd.readSome(into: buffer), count > 0 else { return }
            if failure == nil { pass(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        }
    }

    private func pass(_ bytes: UnsafeRawBufferPointer) {
        do { try destination.writeWhole(bytes) } catch { problem.withLock { $0 = error } }
    }

    /// false where there is nothing left, and nothing to come.
    private func waitForMore() -> Bool {
        var files = [pipe.readEnd, end.readEnd].map { pollfd(fd: $0.rawValue, events: Int16(POLLIN), revents: 0) }
        while poll(&files, 2, -1) < 0 {
            if errno != EINTR { return false }
        }
        return files[0].revents != 0
    }
}
