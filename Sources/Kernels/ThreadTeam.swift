import CKernels
import Glibc

/// A fixed set of threads that run the same closure side by side.
///
/// ``run(_:)`` wakes the team and returns when all have finished. Waiting threads spin for a moment, then yield, then sleep,
/// at once where others want their cores: a busy team meets in about a microsecond, an idle one costs nothing, and a team
/// makes progress among more threads than cores.
public final class ThreadTeam: @unchecked Sendable {
    public let threadCount: Int

    private let state: TeamState
    private let threads: [pthread_t]

    /// Starts `threadCount - 1` threads; the caller of ``run(_:)`` is worker 0.
    public init(threadCount: Int) throws(ThreadTeamError) {
        guard threadCount > 0 else { throw .count(threadCount) }
        let state = TeamState(count: threadCount, crowded: threadCount > Self.availableCoreCount)
        self.threadCount = threadCount
        self.state = state
        threads = try Self.start(state)
    }

    deinit { Self.stop(state, threads) }

    /// The cores that this process may run on.
    public static var availableCoreCount: Int { sk_available_cores() }

    /// Runs `body` once on every thread of the team and waits for all of them.
    ///
    /// One run at a time: `body` must not call `run`, and two threads must not call it at once.
    public func run(_ body: (borrowing Worker) -> Void) {
        withoutActuallyEscaping(body) { runPrepared($0) }
    }

    /// The same for a closure that was made before and is kept: nothing is allocated, as it is by a closure that only
    /// lives for the run.
    public func runPrepared(_ body: @escaping (borrowing Worker) -> Void) {
        sk_reset_float_environment()
        guard threadCount > 1 else { return body(Worker(index: 0, count: 1, barrier: state.barrier)) }
        state.begin(body)
        body(Worker(index: 0, count: threadCount, barrier: state.barrier))
        state.end()
    }

    private static func start(_ state: TeamState) throws(ThreadTeamError) -> [pthread_t] {
        var threads: [pthread_t] = []
        for index in 1..<state.count {
            let argument = Unmanaged.passRetained(TeamMember(state: state, index: index))
            var thread = pthread_t()
            let code = pthread_create(&thread, nil, enter, argument.toOpaque())
            guard code == 0 else {
                argument.release()
                stop(state, threads)
                throw .thread(index: index, code: code)
            }
            threads.append(thread)
        }
        return threads
    }

    private static let enter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
        let member = Unmanaged<TeamMember>.fromOpaque($0!).takeRetainedValue()
        sk_reset_float_environment()
        member.state.work(index: member.index)
        return nil
    }

    private static func stop(_ state: TeamState, _ threads: [pthread_t]) {
        state.stop()
        for thread in threads { pthread_join(thread, nil) }
    }
}

/// What a new thread is told.
private final class TeamMember {
    let state: TeamState
    let index: Int

    init(state: TeamState, index: Int) {
        self.state = state
        self.index = index
    }
}
