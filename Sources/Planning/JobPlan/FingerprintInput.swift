/// Something of a plan on which all ranks must agree, in words that a message can use.
public struct FingerprintInput: Sendable, Equatable, Codable {
    public let name: String
    public let value: String
    /// What to do where ranks differ.
    public let advice: String

    public init(_ name: String, _ value: some CustomStringConvertible, advice: String) {
        self.name = name
        self.value = value.description
        self.advice = advice
    }
}
