/// What grows with the number of ranks.
public enum Scaling: String, Codable, CaseIterable, Sendable {
    /// Nothing: the same work on more ranks.
    case strong
    /// The work: so many sequences a rank.
    case weak
    case both

    public var isStrong: Bool { self != .weak }
    public var isWeak: Bool { self != .strong }
}
