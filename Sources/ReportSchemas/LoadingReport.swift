/// How the weights got into memory.
public struct LoadingReport: Codable, Sendable, Equatable {
    public var bytes: Int
    public var seconds: Double
    public var gigabytesPerSecond: Double

    public init(
        bytes: Int, seconds: Double, gigabytesPerSecond: Double
    ) {
        self.bytes = bytes
        self.seconds = seconds
        self.gigabytesPerSecond = gigabytesPerSecond
    }
}
