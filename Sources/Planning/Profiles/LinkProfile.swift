/// What an edge of the ring can do.
public struct LinkProfile: Sendable, Equatable, Codable {
    /// Seconds that the smallest message takes.
    public var delay: Double
    /// Bytes a second of a large one.
    public var bandwidth: Double

    public init(delay: Double, bandwidth: Double) {
        self.delay = delay
        self.bandwidth = bandwidth
    }

    /// Seconds for which a message keeps the edge busy: the next one waits as long.
    public func occupation(bytes: Int) -> Double { Double(bytes) / bandwidth }

    /// Seconds from sending a message to having it.
    public func seconds(bytes: Int) -> Double { delay + occupation(bytes: bytes) }

    /// Two ranks of one host, through its memory.
    public static let sharedMemory = LinkProfile(delay: 2e-6, bandwidth: 5e9)
    /// What is assumed of a network that nothing is known of: 1 Gbit/s.
    public static let gigabitEthernet = LinkProfile(delay: 50e-6, bandwidth: 0.125e9)
}
