/// Which ranks make a stage together. Today each stage is one rank.
public struct StageGroups: Sendable, Equatable, Codable {
    /// Ranks of each stage.
    public let sizes: [Int]

    public init(stageCount: Int) { sizes = Array(repeating: 1, count: stageCount) }

    public var rankCount: Int { sizes.reduce(0, +) }

    /// The ranks of a stage, in their order.
    public func ranks(of stage: Int) -> Range<Int> {
        let first = sizes[..<stage].reduce(0, +)
        return first..<first + sizes[stage]
    }
}
