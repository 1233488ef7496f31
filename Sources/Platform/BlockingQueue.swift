import DequeModule
import Glibc

/// A queue between threads; whoever finds it empty may sleep until something comes.
public final class BlockingQueue<Element: ~Copyable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var elements = UniqueDeque<Element>()

    public init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        pthread_cond_destroy(condition)
        mutex.deallocate()
        condition.deallocate()
    }

    /// Hands `element` over: whoever appends it keeps nothing that it refers to.
    public func append(_ element: consuming Element) {
        pthread_mutex_lock(mutex)
        elements.append(element)
        pthread_mutex_unlock(mutex)
        pthread_cond_signal(condition)
    }

    public var isEmpty: Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return elements.isEmpty
    }

    /// Sleeps until there is something.
    public func waitUntilFilled() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while elements.isEmpty { pthread_cond_wait(condition, mutex) }
    }

    /// Takes the oldest; sleeps until there is one.
    public func removeFirst() -> Element {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while elements.isEmpty { pthread_cond_wait(condition, mutex) }
        return elements.removeFirst()
    }
}

extension BlockingQueue where Element: Copyable {
    /// Takes all that is there, in order; nothing where it is empty.
    public func takeAll() -> [Element] {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        var taken: [Element] = []
        taken.reserveCapacity(elements.count)
        while !elements.isEmpty { taken.append(elements.removeFirst()) }
        return taken
    }
}
