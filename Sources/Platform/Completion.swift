import Glibc

/// Something that one thread completes, once, and another one waits for, for as long as it likes.
public final class Completion: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isComplete = false

    public init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // The other clock jumps when a machine's time is set.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    public func complete() {
        pthread_mutex_lock(mutex)
        isComplete = true
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Sleeps until it is complete, and no longer than `patience`.
    ///
    /// - Returns: Whether it is complete.
    public func wait(for patience: Duration) -> Bool {
        let end = MachineTime().now + patience
        var time = timespec(
            tv_sec: Int(end.components.seconds), tv_nsec: Int(end.components.attoseconds / 1_000_000_000))
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !isComplete, pthread_cond_timedwait(condition, mutex, &time) == 0 {}
        return isComplete
    }
}
