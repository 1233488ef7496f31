import Engine
import Glibc

/// A thread that runs one closure.
struct BackgroundThread {
    private var thread = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) throws(EngineError) {
        let box = Unmanaged.passRetained(Box(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw .failure("cannot start a thread: \(String(cString: strerror(code)))")
        }
    }

    func join() { pthread_join(thread, nil) }

    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// A number of places; who finds none free waits.
final class Places: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init(_ count: Int) { sem_init(semaphore, 0, UInt32(count)) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func take() {
        while sem_wait(semaphore) != 0 {}  // a signal may end the wait early
    }

    func giveBack() { sem_post(semaphore) }
}
