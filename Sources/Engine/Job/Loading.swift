/// How the weights got into memory, from the first byte to the last rank that was ready.
public struct Loading: Sendable {
    /// Bytes of the model's files that all ranks read.
    public let byteCount: Int
    public let seconds: Double

    /// Bytes a second.
    public var rate: Double { Double(byteCount) / seconds }
}
