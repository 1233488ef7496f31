/// What a launcher said in a session that its ranks did not.
public struct LauncherSaid: Sendable, Equatable {
    /// Why it ended, in its own words; nothing where it only told how ranks did, or guessed.
    public var reasons: [String] = []
    /// The machine that it lost, where it named one.
    var lostMachine: String?
    /// Whether some machine did not take part, for a reason that it could only guess.
    var couldNotStart = false
    /// Whether nobody read what it printed.
    var lostItsReader = false
    /// Whether ranks left a line without its end, as a prompt is.
    public var isLineOpen = false
}
