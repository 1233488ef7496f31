import Glibc

/// A number of places; who finds none free waits.
public final class Places: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    public init(_ count: Int) { sem_init(semaphore, 0, UInt32(count)) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    public func take() {
        while sem_wait(semaphore) != 0 {}  // a signal may end the wait early
    }

    public func giveBack() { sem_post(semaphore) }
}
