/// Seconds for each weight of a matrix by the rows it is multiplied with at once.
public struct WeightCurve: Sendable, Equatable, Codable {
    /// The type of the weights, such as `Q4_0`.
    public var type: String
    /// Columns of the matrix: how fast weights come depends on how far apart the rows are that are read side by side.
    public var columns: Int
    /// With weights from memory.
    public var curve: RowCurve
    /// With weights from the last-level cache; nil: not known.
    public var cached: RowCurve?

    public init(type: String, columns: Int, curve: RowCurve, cached: RowCurve? = nil) {
        self.type = type
        self.columns = columns
        self.curve = curve
        self.cached = cached
    }
}
