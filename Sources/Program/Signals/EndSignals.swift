import Glibc
import Platform
import Synchronization

/// The signals that ask a service to end, taken by a thread that waits for them.
struct EndSignals {
    struct Signal {
        let number: Int32
        /// Whether mpirun (or its daemon) sent it of its own accord: then it kills all ranks a second later.
        let isFromLauncher: Bool
    }

    private static let numbers = [SIGTERM, SIGINT, SIGUSR1]
    private let handler = Handler()

    /// Blocks the signals for this thread and those that it starts from now on, and waits for them.
    init() throws(BackgroundThread.StartError) {
        for number in Self.numbers { Glibc.signal(number, SIG_DFL) }
        var set = Self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        let launcher = LauncherProcess.identifier
        _ = try BackgroundThread { [handler] in
            var set = Self.set
            while true {
                var info = siginfo_t()
                let number = sigwaitinfo(&set, &info)
                guard number > 0 else { continue }
                // mpirun passes SIGUSR1 on for whoever sent it.
                let isFromLauncher = number != SIGUSR1 && info._sifields._kill.si_pid == launcher
                handler.take(Signal(number: number, isFromLauncher: isFromLauncher))
            }
        }
    }

    /// What to do about them. One that came before ends the program: there is nothing to finish yet.
    func onSignal(_ body: @escaping @Sendable (Signal) -> Void) { handler.set(body) }

    /// Rank 0 decides: for all others.
    static func ignore() {
        for number in numbers { Glibc.signal(number, SIG_IGN) }
    }

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        return set
    }

    private final class Handler: Sendable {
        private let body = Mutex<(@Sendable (Signal) -> Void)?>(nil)

        func set(_ body: @escaping @Sendable (Signal) -> Void) { self.body.withLock { $0 = body } }

        func take(_ signal: Signal) {
            guard let body = body.withLock({ $0 }) else { exit(128 + signal.number) }
            body(signal)
        }
    }
}
