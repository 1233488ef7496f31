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
    private let seen = Mutex(Seen())

    /// What was seen of the ranks on this machine.
    private struct Seen {
        /// Who was stopped at the last look.
        var suspects: Set<Int> = []
        /// Who ever was there. The lowest that is not stopped speaks for all of them, and is gone soon after.
        var ranks: Set<Int> = []
    }

    /// Seconds that a call may take where nobody is seen to be stopped.
    private static let patience = 30.0

    init(_ call: String, rank: Int, _ lastWords: LastWords) {
        (self.call, self.rank, self.lastWords) = (call, rank, lastWords)
        _ = look()
    }

    /// Who is stopped, and was at the last look too: all may be about to go on. And who says so.
    private func look() -> (stopped: [LocalRank], witness: Int) {
        let ranks = LocalRank.all
        let stopped = ranks.filter(\.isStopped)
        let numbers = Set(stopped.map(\.rank))
        return seen.withLock { seen in
            defer { seen.suspects = numbers }
            seen.ranks.formUnion(ranks.map(\.rank))
            return (
                stopped.filter { seen.suspects.contains($0.rank) }, seen.ranks.subtracting(numbers).min() ?? rank
            )
        }
    }

    /// Watches the call that is about to begin.
    static func watch(_ call: String, timeout: Double, _ lastWords: LastWords) -> CallWatch {
        let late = LateCall(call, rank: Launch.current?.rank ?? 0, lastWords)
        return CallWatch(limit: timeout) { late.judge(after: $0, timeout: timeout) }
    }

    private func judge(after seconds: Double, timeout: Double) {
        let (stopped, witness) = look()
        if let culprit = stopped.first {
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
