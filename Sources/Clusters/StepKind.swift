/// What a step of the start does while other ranks wait for it.
public enum StepKind: Sendable {
    /// It computes, or reads files. Where neither goes on for too long, its rank is given up.
    case work
    /// It may wait for people, for as long as they like.
    case conversation
    /// It sends messages to other ranks and receives theirs, on the thread that owns MPI.
    case messages
}
