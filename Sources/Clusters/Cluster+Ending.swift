import Glibc
import MPI
import Platform

/// Ends of the process in the middle of something: what this thread or another one is at is not unwound, since it may never
/// return.
extension Cluster {
    /// Leaves the run, with all ranks that still answer.
    func end(_ reason: RunEnd) -> Never {
        switch reason {
        case .failure(let text):
            rollCall?.announceFailure()
            lastWords.speak(named(text))
        case .elsewhere:
            // The launcher is about to end this rank, unless it cannot be reached.
            sleep(UInt32(RollCall.longestEnd))
            lastWords.speak(nil)
        case .asked:
            lastWords.speak(nil)
            leaveAsAsked()
        case .mpi(let error):
            rollCall?.announceFailure()
            lastWords.speak(named("\(error)"))
        }
        // What the launcher needs to end the others may be done at exit.
        exit(Self.failureStatus)
    }

    static let failureStatus: Int32 = 70

    /// Seconds that MPI has to tidy up where nothing depends on it any more.
    private static let longestFinalize = 5.0

    /// All ranks do: the launcher takes a rank that leaves alone for one that failed.
    private func leaveAsAsked() {
        do throws(RunEnd) { try rollCall?.endTogether() } catch {
            if case .asked = error {} else { end(error) }
        }
        guard let environment = environment.take() else { _exit(0) }
        let watch = CallWatch(limit: Self.longestFinalize) { _ in _exit(0) }
        try? environment.finalize(haveMet: true)
        watch.stop()
        _exit(0)
    }

    private func named(_ text: String) -> String { rollCall.map { "\($0.name(of: rank)): \(text)" } ?? text }
}
