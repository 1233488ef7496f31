import Tensors

/// What of a model decides how its host is measured.
public struct ProbedWork: Sendable, Hashable, Codable {
    /// The kinds of matrices, such as `Q4_0 x 2048` for such weights in rows of 2048 columns, in order.
    public var matrices: [String]
    /// How keys and values are kept.
    public var kvType: String
    public var headDim: Int
    public var queriesPerCachedHead: Int

    public init(_ shape: ModelShape, kvType: ElementType) {
        let kinds = (shape.layers.flatMap(\.matrices) + [shape.head]).map { "\($0.type.name) x \($0.columns)" }
        matrices = Set(kinds).sorted()
        self.kvType = kvType.name
        headDim = shape.headDim
        queriesPerCachedHead = shape.headCount / shape.kvHeadCount
    }
}
