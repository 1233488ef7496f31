import Glibc
import Synchronization

/// Does something before this process is ended by SIGTERM, with which mpirun ends all ranks when one has failed, or by
/// SIGINT.
final class LastWords: Sendable {
    private let words = Mutex<(@Sendable () -> Void)?>(nil)

    /// Leaves both signals to a thread that waits for them. Threads made from here on do not get them.
    init() {
        var signals = Self.endings
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                let words = Unmanaged<LastWords>.fromOpaque(argument!).takeRetainedValue()
                words.wait()
            }, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    /// From here on, `speak` is called on that thread before the process ends.
    func prepare(_ speak: @escaping @Sendable () -> Void) { words.withLock { $0 = speak } }

    /// Ends the process as the signal would have.
    private func wait() -> Never {
        var signals = Self.endings
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
        words.withLock { $0 }?()
        signal(number, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        raise(number)
        exit(128 + number)
    }

    private static var endings: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        return signals
    }
}
