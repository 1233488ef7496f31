import CKernels
import Glibc
import Synchronization

/// Where a team's threads wait for a condition that another thread makes true.
///
/// Whoever makes it true (with a sequentially consistent store) calls `open`; it costs one load unless someone sleeps.
final class TeamGate: @unchecked Sendable {
    private let sleepers = Atomic<UInt32>(0)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let spinCount: Int
    private let yieldCount: Int

    /// Nanoseconds that a yield takes at most where nobody else runs.
    private static let longestYield: UInt64 = 50_000

    /// - Parameter crowded: whether threads outnumber cores, so that spinning only keeps others from working.
    init(crowded: Bool) {
        spinCount = crowded ? 0 : 2000
        yieldCount = crowded ? 20 : 200
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    @inline(__always)
    func wait(until isTrue: () -> Bool) {
        for _ in 0..<spinCount {
            if isTrue() { return }
            sk_spin_hint()
        }
        sleep(until: isTrue)
    }

    /// Yields for a while, then sleeps. Where a yield takes long, others want the core: yielding on would give them one slice
    /// of time after another, while a thread that sleeps is put on a core soon after it is woken.
    @inline(never)
    private func sleep(until isTrue: () -> Bool) {
        var last = Self.now()
        for _ in 0..<yieldCount {
            if isTrue() { return }
            sched_yield()
            let now = Self.now()
            if now - last > Self.longestYield { break }
            last = now
        }
        pthread_mutex_lock(mutex)
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while !isTrue() { pthread_cond_wait(condition, mutex) }
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    @inline(__always)
    func open() {
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wake() }
    }

    @inline(never)
    private func wake() {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }
}
