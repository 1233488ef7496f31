import Glibc
import MPI
import Synchronization

/// Who keeps a call of MPI from returning that waits for all ranks, and which of the others says so: inside it they cannot
/// ask each other.
///
/// A rank that is stopped is seen by those on its machine. Of one on another machine nothing is known: then ranks wait as long
/// as a slow machine may need.
final class LateCall: Sendable {
    private let call: String
    private let rank: Int
    private let lastWords: LastWords
    /// Who was stopped when somebody looked last.
    private let suspects = Mutex<Set<Int>>([])

    /// Seconds that a call may take where nobody is seen to be stopped.
    private static let patience = 30.0

    init(_ call: String, rank: Int, _ lastWords: LastWords) {
        (self.call, self.rank, self.lastWords) = (call, rank, lastWords)
    }

    /// Watches the call that is about to begin.
    static func watch(_ call: String, timeout: Double, _ lastWords: LastWords) -> CallWatch {
        let late = LateCall(call, rank: Launch.current?.rank ?? 0, lastWords)
        return CallWatch(limit: timeout) { late.judge(after: $0, timeout: timeout) }
    }

    private func judge(after seconds: Double, timeout: Double) {
        let ranks = LocalRank.all
        let stopped = ranks.filter(\.isStopped)
        // Whoever was stopped at the last look too; all may be about to go on.
        let known = suspects.withLock { suspects in
            defer { suspects = Set(stopped.map(\.rank)) }
            return stopped.filter { suspects.contains($0.rank) }
        }
        if let culprit = known.first {
            let witness = ranks.first { !$0.isStopped }?.rank ?? rank
            end(
                "rank \(culprit.rank) on this machine (process \(culprit.process)) is stopped, and \(call) waits for it",
                speaks: witness == rank)
        }
        if seconds > max(timeout, Self.patience) + 3 * Double(rank) {
            let silent = Reachability.unreachable(among: Set(LaunchedHosts.all).subtracting([Cluster.hostName]))
            let others =
                silent.isEmpty ? "another rank hangs, or its machine" : silent.sorted().joined(separator: " and ")
            end("\(call) has not returned for \(Int(seconds)) s: \(others) cannot be reached", speaks: true)
        }
    }

    private func end(_ reason: String, speaks: Bool) -> Never {
        if speaks {
            lastWords.speak("rank \(rank) on \(Cluster.hostName): \(reason)")
        } else {
            sleep(UInt32(RollCall.longestEnd))
            lastWords.speak(nil)
        }
        _exit(Cluster.failureStatus)
    }
}
