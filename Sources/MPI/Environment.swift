import CMPI
import Glibc
import Synchronization

/// How threads may use MPI (MPI-3.1 §12.4.3), in ascending order of what is allowed.
public enum ThreadLevel: Int32, Comparable, Sendable {
    case single, funneled, serialized, multiple

    public static func < (left: ThreadLevel, right: ThreadLevel) -> Bool { left.rawValue < right.rawValue }
}

/// MPI from its start to its end. The thread that makes it is the one that may call MPI.
///
/// Leaving without ``finalize()`` is how a rank says that it failed: MPI_Finalize waits for all ranks, so calling it
/// while an error unwinds would hang the job. The process then prints its error and exits with its status; mpirun sees
/// a rank that left without finalizing, ends the other ranks, and exits with that status.
///
/// The mpirun of Debian 12 (Open MPI 4.1.4 with PMIx 4.2.2) crashes or hangs in one of four runs in which several ranks
/// leave while others are inside MPI_Init or MPI_Finalize. So make the environment before anything that can fail on
/// some ranks and not on others, such as opening a file; errors in arguments, which all ranks see, may come before.
public struct Environment: ~Copyable {
    /// Starts MPI: MPI_Init_thread (MPI-3.1 §12.4.3), and errors of the world are returned (§8.3), not fatal.
    ///
    /// - Throws: when the process was not launched (Open MPI would fork a daemon, which takes 0.3 s and dies where ssh
    ///   or a network is missing), when there is no MPI library for its launcher or the two do not understand each other,
    ///   when MPI was started before, or when it provides less than `level`.
    public init(threadLevel level: ThreadLevel = .funneled) throws(MPIError) {
        guard let launch = Launch.current else { throw report("MPI_Init_thread", .notLaunched) }
        let library = try Environment.library(for: launch)
        var wasStarted: Int32 = 0
        try check(cmpi().pointee.initialized(&wasStarted), "MPI_Initialized")
        guard wasStarted == 0 else { throw report("MPI_Init_thread", .startedTwice) }
        var provided: Int32 = 0
        try check(cmpi().pointee.init_thread(level.rawValue, &provided), "MPI_Init_thread")
        Library.isRunning.store(true, ordering: .relaxed)
        if launch.starter == .hydra { Environment.exitsByAbort() }
        let world = cmpi().pointee.world()
        try check(cmpi().pointee.return_errors(world), "MPI_Comm_set_errhandler")
        var rank: Int32 = 0
        var size: Int32 = 0
        try check(cmpi().pointee.comm_rank(world, &rank), "MPI_Comm_rank")
        try check(cmpi().pointee.comm_size(world, &size), "MPI_Comm_size")
        guard size >= launch.size else {
            Environment.letFirstSpeak(launch)
            throw report("MPI_Init_thread", .strangers(launched: launch, found: Int(size), library: library.title))
        }
        Library.rank.store(Int(rank), ordering: .relaxed)
        let given = ThreadLevel(rawValue: provided) ?? .single
        guard given >= level else { throw report("MPI_Init_thread", .threadLevel(wanted: level, provided: given)) }
        threadLevel = given
    }

    /// What the library provides; at least what was asked for.
    public let threadLevel: ThreadLevel

    /// All ranks that were launched (MPI_COMM_WORLD, MPI-3.1 §6.4). Every call gives the same communicator.
    public func world() throws(MPIError) -> Communicator { try Communicator(cmpi().pointee.world(), isOwned: false) }

    /// Ends MPI (MPI_Finalize, MPI-3.1 §8.7): every rank must come here, with no request under way.
    ///
    /// Ranks wait for each other asleep, and before MPI_Finalize, not in it: see ``Environment`` on launchers.
    ///
    /// - Parameter haveMet: Whether they have done so, with a deadline of their own.
    public consuming func finalize(haveMet: Bool = false) throws(MPIError) {
        if !haveMet { try world().barrier(waiting: .idle) }
        Library.isRunning.store(false, ordering: .relaxed)
        try check(cmpi().pointee.finalize(), "MPI_Finalize")
    }
}

extension Environment {
    /// Whether mpirun or srun started this process. Looks at environment variables only: MPI is not touched.
    public static var isLaunched: Bool { Launch.current != nil }

    /// Ends all ranks with exit status `code`, which is not 0, for errors that only this rank knows of.
    ///
    /// Under mpirun the process simply exits: mpirun then ends the other ranks and exits with `code`. MPI_Abort
    /// (MPI-3.1 §8.7), which asks mpirun to do the same, makes the mpirun of Debian 12 (Open MPI 4.1.4 with PMIx 4.2.2)
    /// hang or crash once in twenty times. Slurm does nothing about a rank that exits, so there it is MPI_Abort; under
    /// hydra every rank that exits by itself does that, see ``exitsByAbort()``.
    public static func abort(code: Int32) -> Never {
        if Launch.current?.starter != .mpirun { abortAll(code) }
        exit(code == 0 ? 1 : code)
    }

    /// Makes MPI_Abort of an exit with a status other than 0: hydra ends the other ranks when one leaves, but takes over the
    /// status of one that it killed, and prints a banner between the results.
    private static func exitsByAbort() {
        on_exit(abortAtExit, nil)
    }

    /// MPI_Abort without the library's words for it: what there is to say has been said.
    fileprivate static func abortAll(_ code: Int32) {
        guard Library.isRunning.exchange(false, ordering: .relaxed) else { return }
        // Hydra ends at once then, and takes what it has not yet read of the ranks' words with it.
        usleep(100_000)
        let nowhere = open("/dev/null", O_WRONLY)
        dup2(nowhere, STDERR_FILENO)
        _ = cmpi().pointee.abort(cmpi().pointee.world(), code)
    }

    private static func library(for launch: Launch) throws(MPIError) -> OpenedLibrary {
        do { return try Library.opened.get() } catch {
            letFirstSpeak(launch)
            throw error
        }
    }

    /// What all ranks see one of them says: the launcher ends the others when the first has gone. Where it does not, because
    /// the first saw nothing wrong or none of them is known to the launcher as MPI's, the first one of each host speaks up.
    private static func letFirstSpeak(_ launch: Launch) {
        Library.isRunning.store(false, ordering: .relaxed)
        if launch.rank > 0 { sleep(5) }
        if launch.localRank > 0 { exit(70) }
    }

    /// Declares that the program fails for a reason of its own: from here on, requests dropped unfinished by the
    /// unwinding stack leave their memory to MPI instead of trapping, so that the trap does not hide the reason.
    /// Errors of this module declare it themselves.
    public static func declareFailure() { Library.hasFailed.store(true, ordering: .relaxed) }
}

private func abortAtExit(_ status: Int32, _: UnsafeMutableRawPointer?) {
    if status != 0 { Environment.abortAll(status) }
}

@available(*, unavailable)
extension Environment: Sendable {}
