/// How many rows or columns a weight has, as a rule: the configuration makes a number of it.
public enum Width: Sendable {
    case hidden, intermediate, vocabulary
    /// One head of queries or keys.
    case head
    /// All heads together.
    case queries, keys, values
    /// What attention gives for all query heads: as wide as values are.
    case attended

    public func size(_ configuration: ModelConfiguration) -> Int {
        switch self {
        case .hidden: configuration.hiddenSize
        case .intermediate: configuration.intermediateSize
        case .vocabulary: configuration.vocabSize
        case .head: configuration.headDim
        case .queries: configuration.headCount * configuration.headDim
        case .keys: configuration.kvHeadCount * configuration.headDim
        case .values: configuration.kvHeadCount * configuration.valueDim
        case .attended: configuration.headCount * configuration.valueDim
        }
    }

    /// Elements of one head; nil where there are no heads.
    func headSize(_ configuration: ModelConfiguration) -> Int? {
        switch self {
        case .hidden, .intermediate, .vocabulary: nil
        case .head, .queries, .keys: configuration.headDim
        case .values, .attended: configuration.valueDim
        }
    }
}
