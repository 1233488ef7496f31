import Glibc

/// Does something before this process is ended by SIGTERM, with which mpirun ends all ranks when one has failed, or by
/// SIGINT.
enum LastWords {
    /// Blocks the signals, so that threads made from here on leave them to the one that waits for them.
    static func prepare() {
        var signals = endings
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Runs `speak` on a thread of its own when a signal comes, and then ends the process as the signal would have.
    static func onEnding(_ speak: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Words(speak))
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                let words = Unmanaged<Words>.fromOpaque(argument!).takeRetainedValue()
                LastWords.wait(words.speak)
            }, box.toOpaque())
        pthread_detach(thread)
    }

    private static func wait(_ speak: () -> Void) -> Never {
        var signals = endings
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
        speak()
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

    private final class Words: Sendable {
        let speak: @Sendable () -> Void
        init(_ speak: @escaping @Sendable () -> Void) { self.speak = speak }
    }
}
