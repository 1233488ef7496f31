import Glibc
import Platform
import SystemPackage

/// One life of mpirun and the ranks that it starts.
///
/// What outlives it belongs to who made it: the signals, what is typed, and the line, from which another session can begin.
public struct RankSession {
    private static let interval = Duration.seconds(1)

    private let process: ChildProcess
    private let watchdog: SessionGuard
    private let carrier: ErrorCarrier
    private let family: LauncherFamily
    private let signals: SignalQueue
    private let time: any TimeSource
    private let start: Duration
    private var watch: SessionWatch
    private var firstSignal: CInt?
    private var killing: SessionEnd.Killing?
    /// What mpirun has started that is no rank.
    private var agents: Set<pid_t> = []
    private var agentLines: [[String]] = []

    /// Starts `command`.
    ///
    /// - Parameters:
    ///   - signals: See ``SignalQueue/forLaunches()``.
    ///   - output: nil: ours; `errors` likewise, which gets what ranks say, not what mpirun does.
    ///   - family: The launcher's.
    ///   - time: By which patience is measured.
    /// - Throws: Where there is no such program.
    public init(
        _ command: [String], environment: [String: String], _ rules: SessionRules, signals: SignalQueue,
        input: SessionInput, output: FileDescriptor? = nil, errors: FileDescriptor? = nil,
        family: LauncherFamily, time: any TimeSource = MachineTime()
    ) throws(LaunchError) {
        let speech = LauncherSpeech(family, isAskedToTalk: rules.isAskedToTalk)
        let carrier = try ErrorCarrier(speech, to: errors ?? .standardError)
        defer { try? carrier.input.close() }
        do {
            process = try ChildProcess(
                command, environment: environment, in: rules.ownsKernelSession ? .session : .group,
                input: input.descriptor, output: output, errors: carrier.input)
        } catch {
            throw .failure("cannot start \(command[0]): \(error)")
        }
        do {
            watchdog = try SessionGuard(over: process.identifier, environment: environment)
        } catch {
            process.send(SIGKILL)
            throw .failure("cannot start sh: \(error)")
        }
        self.carrier = carrier
        self.family = family
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
            if let end = process.reap() { return ended(end) }
            let now = time.now - start
            if now >= nextSight {
                look(at: now)
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
            look(at: time.now - start)
            obey(watch.take(signal.number, at: time.now - start))
        }
    }

    private mutating func look(at now: Duration) {
        let children = ProcessTable.children(of: process.identifier)
        watch.see(children, at: now, isRank: isRank)
        if family.keepsChildren, !children.contains(where: ProcessTable.isAlive) { watch.seeNobody(at: now) }
        watch.see(isStopped: ProcessTable.isStopped(process.identifier), at: now)
        let others = children.filter { !isRank($0) }
        agents.formUnion(others)
        watch.see(stopped: Set(others.filter(ProcessTable.isStopped)))
    }

    private mutating func obey(_ order: SessionWatch.Order?) {
        switch order {
        case .send(let signal):
            process.send(signal)
            // A signal waits while mpirun is stopped.
            if ProcessTable.isStopped(process.identifier) { process.send(SIGCONT) }
        case .kill(let reason):
            killing = reason
            let children = ProcessTable.children(of: process.identifier)
            let others = children.filter { !isRank($0) }
            agentLines = others.filter { reason != .askedAtTerminal || ProcessTable.isStopped($0) }
                .map(ProcessTable.words)
            agents.formUnion(others)
            process.send(SIGKILL)
            // mpirun gives each rank's shell a group, in which its program is too.
            for rank in children where !others.contains(rank) { kill(getpgid(rank) == rank ? -rank : rank, SIGKILL) }
        case nil: break
        }
    }

    private func isRank(_ process: pid_t) -> Bool { ProcessTable.isRank(process, by: family.rankVariable) }

    private func ended(_ end: ProgramEnd) -> SessionEnd {
        watchdog.dismiss()
        if watch.rules.ownsKernelSession { ProcessTable.endSession(process.identifier) }
        endAgents()
        let said = carrier.finish()
        return SessionEnd(
            // Of a signal that was handed on the verdict knows without it.
            program: firstSignal == nil ? family.meaning(of: end, said) : end, signal: firstSignal, killing: killing,
            isOverLimit: watch.isOverLimit, said: said,
            agents: agentLines)
    }

    /// What ends with its launcher has a second to end what it started itself. An ssh that still tries to reach its machine
    /// does not.
    private func endAgents() {
        var left = agents.filter { getsid($0) == getsid(0) && !isRank($0) }
        for _ in 0..<100 where !left.isEmpty {
            left = left.filter(ProcessTable.isAlive)
            if !left.isEmpty { usleep(10_000) }
        }
        for agent in left { kill(agent, SIGKILL) }
    }
}
