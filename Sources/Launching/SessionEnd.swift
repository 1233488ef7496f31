import Glibc

/// How a session ended.
public struct SessionEnd: Sendable, Equatable {
    public enum Killing: Sendable, Equatable {
        /// mpirun did not end when told to.
        case stuck
        /// mpirun did not end when the ranks here had.
        case outlivedItsRanks
    }

    public let program: ProgramEnd
    /// The signal that came first, if any did; mpirun may have ended for another reason all the same.
    public let signal: CInt?
    /// Why mpirun had to be killed; nil: it ended by itself.
    public let killing: Killing?
    public let isOverLimit: Bool
}
