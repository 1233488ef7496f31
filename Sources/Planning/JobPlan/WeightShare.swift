/// What weights cost that are read together.
public struct WeightShare: Sendable, Equatable, Codable {
    /// Bytes that the model file stores for them.
    public var bytes: Int
    /// Products and additions with them for a row.
    public var operations: Int
}
