import Glibc
import Synchronization

/// Signals that ask the program to end. A point's ranks live in a session of their own, where Ctrl-C does not reach them:
/// who runs them looks here and ends them.
public enum Interruption {
    private static let received = Atomic<CInt>(0)

    /// The signal that came; nil while none has.
    public static var signal: CInt? {
        let signal = received.load(ordering: .relaxed)
        return signal == 0 ? nil : signal
    }

    /// From here on SIGINT, SIGTERM and SIGHUP are only noted.
    public static func listen() {
        _ = signal  // A handler must not be the first to use it.
        for number in [SIGINT, SIGTERM, SIGHUP] {
            Glibc.signal(number) { Interruption.received.store($0, ordering: .relaxed) }
        }
    }
}
