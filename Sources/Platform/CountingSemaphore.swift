import Glibc

/// A number of places; a thread that finds none free waits.
public final class CountingSemaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    public init(_ count: Int) { sem_init(semaphore, 0, UInt32(count)) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    public func wait() {
        while sem_wait(semaphore) != 0 {}  // a signal may end the wait early
    }

    public func signal() { sem_post(semaphore) }
}
