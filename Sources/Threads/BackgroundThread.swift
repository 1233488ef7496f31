import Glibc

/// A thread that runs one closure.
public struct BackgroundThread {
    private var thread = pthread_t()

    public init(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        let box = Unmanaged.passRetained(Box(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw ThreadError(code: code)
        }
    }

    /// Waits until it has ended.
    public func join() { pthread_join(thread, nil) }

    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// The system gives no more threads.
public struct ThreadError: Error, CustomStringConvertible {
    let code: CInt

    public var description: String { "cannot start a thread: \(String(cString: strerror(code)))" }
}
