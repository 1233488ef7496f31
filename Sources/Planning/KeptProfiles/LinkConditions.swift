/// Under what a link was measured.
public struct LinkConditions: Sendable, Hashable, Codable {
    /// Ranks on the machines of both ends: they share its cores with what the link has to do.
    public var ranksOfEnds: [Int]
    /// The networks that both ends see.
    public var networks: [String]
    public var build: String
}
