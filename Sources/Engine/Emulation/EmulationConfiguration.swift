import Planning

/// What a user asks of an emulated run.
public struct EmulationConfiguration: Sendable {
    /// What hosts and links can do.
    public var cluster: ClusterFile
    /// Emulated seconds to a second of the machine.
    public var speed: Double

    public init(cluster: ClusterFile, speed: Double = 1) {
        self.cluster = cluster
        self.speed = speed
    }
}
