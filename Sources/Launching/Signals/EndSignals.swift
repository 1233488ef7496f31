import Glibc
import Platform
import Synchronization

/// The owner of the signals that ask a rank's process to end: one thread that takes them all.
public final class EndSignals: Sendable {
    private struct Plan {
        /// nil: the signal ends the process.
        var handle: (@Sendable (EndSignal) -> Void)?
        var lastWords: (@Sendable () -> Void)?
    }
    private let plan = Mutex(Plan())

    /// Blocks the signals for this thread and those that it starts from now on, so it comes before there are any others.
    public init(_ numbers: [CInt]) throws(BackgroundThread.StartError) {
        let queue = SignalQueue(numbers, evenIgnored: true)
        let launcher = LauncherProcess.identifier
        _ = try BackgroundThread { [self] in
            while true {
                let signal = queue.next()
                // mpirun passes SIGUSR1 on for whoever sent it.
                take(
                    EndSignal(
                        number: signal.number, isFromLauncher: signal.number != SIGUSR1 && signal.sender == launcher),
                    queue)
            }
        }
    }

    /// What to do about them. One that comes before ends the process.
    public func onSignal(_ handle: @escaping @Sendable (EndSignal) -> Void) { plan.withLock { $0.handle = handle } }

    /// What to do before the process is ended by one of them, or by the launcher after it.
    public func beforeEnd(_ lastWords: @escaping @Sendable () -> Void) { plan.withLock { $0.lastWords = lastWords } }

    private func take(_ signal: EndSignal, _ queue: SignalQueue) {
        let (handle, lastWords) = plan.withLock { ($0.handle, $0.lastWords) }
        handle?(signal)
        if handle == nil || signal.isFromLauncher { lastWords?() }
        if handle == nil { queue.die(of: signal.number) }
    }

    /// For ranks for which another one decides.
    public static func ignore(_ numbers: [CInt]) {
        for number in numbers { Glibc.signal(number, SIG_IGN) }
    }
}

/// A signal that asks this process to end.
public struct EndSignal: Sendable {
    let number: CInt
    /// Whether mpirun (or its daemon) sent it of its own accord: then it kills all ranks a second later.
    public let isFromLauncher: Bool
}
