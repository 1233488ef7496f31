/// Where a run that has to know its hosts and links has their figures from.
public enum ProfileSource: Sendable, Equatable {
    /// They are measured, and kept nowhere.
    case measured
    /// They are measured, and kept for later starts.
    case fresh
    /// Earlier starts kept them; what they never saw is measured, and kept.
    case kept
    /// A cluster file that rank 0 has; hosts and links that it does not tell of are measured.
    case file(path: String)
}
