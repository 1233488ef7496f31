import Platform
import Synchronization

/// The border between a command, which is plain code, and what is asynchronous.
enum Blocking {
    /// Runs `work` on the tasks' own threads and waits for it.
    static func wait<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        Task {
            do { outcome.end(.success(try await work())) } catch { outcome.end(.failure(error)) }
        }
        return try outcome.wait().get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)
        private let isThere = CountingSemaphore(0)

        func end(_ value: Result<Value, any Error>) {
            result.withLock { $0 = value }
            isThere.signal()
        }

        func wait() -> Result<Value, any Error> {
            isThere.wait()
            return result.withLock { $0! }
        }
    }
}
