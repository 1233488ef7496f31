import Glibc

/// Signals that are taken one after the other, by whoever asks for the next, and do nothing by themselves.
///
/// A signal of a process goes to one thread, whichever has it not blocked: a process has one queue, made before any thread.
public struct SignalQueue: Sendable {
    public struct Signal: Sendable, Equatable {
        public let number: CInt
        /// The process that sent it; 0 where it came from the kernel.
        public let sender: pid_t
    }

    private let set: sigset_t

    /// Blocks the signals for this thread and those that it starts from now on. Those that the process was started to ignore,
    /// as nohup and shells in the background do, stay ignored unless `evenIgnored` says otherwise.
    public init(_ numbers: [CInt], evenIgnored: Bool = false) {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers {
            if evenIgnored { signal(number, SIG_DFL) }
            if !Self.isIgnored(number) { sigaddset(&set, number) }
        }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        self.set = set
    }

    /// What ends a run from outside, and the end of a child.
    public static func forLaunches() -> SignalQueue {
        signal(SIGCHLD, SIG_DFL)
        return SignalQueue([SIGINT, SIGTERM, SIGHUP, SIGCHLD])
    }

    /// The next signal, for which at most so long is waited.
    ///
    /// - Returns: nil where none came in time.
    public func next(within patience: Duration) -> Signal? {
        var set = set
        var info = siginfo_t()
        let (seconds, attoseconds) = max(patience, .zero).components
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        let number = sigtimedwait(&set, &info, &time)
        return number > 0 ? Signal(number: number, sender: info._sifields._kill.si_pid) : nil
    }

    /// The first of those that came already and mean the end.
    public func waitingEnd() -> CInt? {
        while let signal = next(within: .zero) {
            if signal.number != SIGCHLD { return signal.number }
        }
        return nil
    }

    /// The next signal, however long it takes.
    func next() -> Signal {
        while true {
            if let signal = next(within: .seconds(3600)) { return signal }
        }
    }

    /// Ends this process as the signal would have, had it not been taken.
    public func die(of number: CInt) -> Never {
        var set = set
        Glibc.signal(number, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
        exit(128 + number)
    }

    private static func isIgnored(_ number: CInt) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
