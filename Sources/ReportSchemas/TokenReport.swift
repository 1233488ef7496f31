/// What `tokenize` prints.
public struct TokenReport: Codable, Sendable {
    public var ids: [Int32]

    public init(
        ids: [Int32]
    ) {
        self.ids = ids
    }
}
