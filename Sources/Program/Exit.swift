import ArgumentParser
import Engine
import Glibc
import Launching
import Requests
import Synchronization

/// How the program ends when something stopped it: one message on stderr and an exit status.
enum Exit {
    static func report(_ error: any Error) -> Never {
        switch error {
        case let failure as JobFailure:
            // The job's observer was told why.
            exit(failure.status)
        case let error as LaunchError:
            Console.log("launch: \(error)\n")
            exit(error.status)
        default:
            if let error = EngineError(error) { beforeJob("stagecoach: \(error)", status: error.kind.rawValue) }
            beforeJob(Stagecoach.fullMessage(for: error), status: Stagecoach.exitCode(for: error).rawValue)
        }
    }

    /// Ends before ranks know of each other. All of them meet the same wrong flag: rank 0 speaks, and the others wait
    /// for the launcher to end them; they speak up only if it does not, because rank 0 saw nothing wrong.
    private static func beforeJob(_ message: String, status: Int32) -> Never {
        if !LauncherRank.isFirst {
            if status == 0 { exit(0) }
            // srun passes on the highest of all statuses, and that of a rank ended by a signal is high.
            statusWhenEnded.store(status, ordering: .relaxed)
            signal(SIGTERM) { _ in _exit(Exit.statusWhenEnded.load(ordering: .relaxed)) }
            sleep(graceSeconds)
            // Hydra ends nobody before MPI has started: the first rank here has said it.
            if LauncherRank.leavesTheWord { exit(status) }
        }
        if status == 0 {
            Console.print(message + "\n")
            exit(0)
        }
        Console.logAndWait(message.hasSuffix("\n") ? message : message + "\n")
        exit(status)
    }

    private static let graceSeconds: UInt32 = 5
    private static let statusWhenEnded = Atomic<Int32>(0)
}
