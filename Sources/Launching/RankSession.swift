import Glibc
import Platform
import SystemPackage

/// One life of mpirun and the ranks that it starts.
///
/// What outlives it belongs to who made it: the signals, what is typed, and the line, from which another session can begin.
public struct RankSession {
    private static let interval = Duration.seconds(1)

    private let process: ChildProcess
    private let signals: SignalQueue
    private let time: any TimeSource
    private let start: Duration
    private var watch: SessionWatch
    private var firstSignal: CInt?
    private var killing: SessionEnd.Killing?

    /// Starts `command`.
    ///
    /// - Parameters:
    ///   - signals: See ``SignalQueue/forLaunches()``.
    ///   - output: nil: ours; `errors` likewise.
    ///   - time: By which patience is measured.
    /// - Throws: Where there is no such program.
    public init(
        _ command: [String], environment: [String: String], _ rules: SessionRules, signals: SignalQueue,
        input: SessionInput, output: FileDescriptor? = nil, errors: FileDescriptor? = nil,
        time: any TimeSource = MachineTime()
    ) throws(LaunchError) {
        do {
            process = try ChildProcess(
                command, environment: environment, in: rules.ownsKernelSession ? .session : .group,
                input: input.descriptor, output: output, errors: errors)
        } catch {
            throw .failure("cannot start \(command[0]): \(error)")
        }
        self.signals = signals
        self.time = time
        start = time.now
        watch = SessionWatch(rules)
    }

    /// Returns when mpirun has ended, by itself or by what comes from outside.
    ///
    /// - Parameter isWanted: Where it says no, the session is ended as by SIGTERM.
    public consuming func wait(while isWanted: () -> Bool = { true }) -> SessionEnd {
        var nextSight = Self.interval
        while true {
            if let end = process.reap() {
                if watch.rules.ownsKernelSession { ProcessTable.endSession(process.identifier) }
                return SessionEnd(
                    program: end, signal: firstSignal, killing: killing, isOverLimit: watch.isOverLimit)
            }
            let now = time.now - start
            if now >= nextSight {
                watch.see(ProcessTable.children(of: process.identifier), at: now, isRank: ProcessTable.isRank)
                nextSight = now + Self.interval
            }
            if killing == nil { obey(watch.look(at: now)) }
            if firstSignal == nil, !isWanted() {
                firstSignal = SIGTERM
                obey(watch.take(SIGTERM, at: now))
            }
            let next = killing == nil ? min(nextSight, watch.nextLook ?? nextSight) : nextSight
            guard let signal = signals.next(within: next - now), signal.number != SIGCHLD else { continue }
            firstSignal = firstSignal ?? signal.number
            obey(watch.take(signal.number, at: time.now - start))
        }
    }

    private mutating func obey(_ order: SessionWatch.Order?) {
        switch order {
        case .send(let signal): process.send(signal)
        case .kill(let reason):
            killing = reason
            let children = ProcessTable.children(of: process.identifier)
            process.send(SIGKILL)
            for child in children { kill(child, SIGKILL) }
        case nil: break
        }
    }
}
