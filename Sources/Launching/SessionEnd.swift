import Glibc

/// How a session ended.
public struct SessionEnd: Sendable, Equatable {
    public enum Killing: Sendable, Equatable {
        /// mpirun did not end when told to.
        case stuck
        /// mpirun did not end when the ranks here had.
        case outlivedItsRanks
        /// mpirun itself was stopped, and nobody let it go on.
        case stoodStill
        /// What was to start a daemon on another machine waited for a terminal, to ask something.
        case askedAtTerminal
    }

    public let program: ProgramEnd
    /// The signal that came first, if any did; mpirun may have ended for another reason all the same.
    public let signal: CInt?
    /// Why mpirun had to be killed; nil: it ended by itself.
    public let killing: Killing?
    public let isOverLimit: Bool
    /// What mpirun said.
    public var said = LauncherSaid()
    /// The command lines of what it had started to reach other machines, where it had to be killed: of those that asked, or
    /// else of all.
    var agents: [[String]] = []
}
