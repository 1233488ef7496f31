import Glibc
import SystemPackage

/// A thread that runs one closure.
public struct BackgroundThread: Sendable {
    private let thread: pthread_t

    /// - Throws: Where the system has no room for another thread.
    public init(_ body: @escaping @Sendable () -> Void) throws(StartError) {
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw StartError(reason: Errno(rawValue: code))
        }
        self.thread = thread
    }

    /// Waits for its end; once.
    public func join() { pthread_join(thread, nil) }

    public struct StartError: Error, CustomStringConvertible {
        public let reason: Errno
        public var description: String { "cannot start a thread: \(reason)" }
    }

    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
