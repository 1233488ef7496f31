/// What weights cost that are read together.
public struct WeightShare: Sendable, Equatable, Codable {
    /// Their bytes in memory: fewer than in the file where the run quantizes them.
    public var bytes: Int
    /// Products and additions with them for a row.
    public var operations: Int
}
