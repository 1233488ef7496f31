import Foundation
import Synchronization

/// Work on a thread of its own, such as a stage of a ring; what it throws is not lost.
public final class TestThread: Sendable {
    private let ended = DispatchSemaphore(value: 0)
    private let failure = Mutex<(any Error)?>(nil)

    public init(_ body: @escaping () throws -> Void) {
        nonisolated(unsafe) let body = body
        Thread.detachNewThread { [self] in
            do { try body() } catch { failure.withLock { $0 = error } }
            ended.signal()
        }
    }

    /// Waits until the work has ended.
    ///
    /// - Throws: What it threw.
    public func join() throws {
        ended.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
