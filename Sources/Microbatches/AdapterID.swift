/// Names an adapter of the weights, the same on all ranks. Keys and values that one adapter computed serve no other.
public struct AdapterID: Sendable, Hashable, BitwiseCopyable {
    public var number: Int32

    public init(number: Int32) { self.number = number }

    /// The weights as they are.
    public static let none = AdapterID(number: 0)
}
