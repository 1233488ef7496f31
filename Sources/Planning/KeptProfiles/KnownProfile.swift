/// What is known of a run's hosts and links without measuring them, by rank; nil where nothing is.
public struct KnownProfile: Sendable, Equatable, Codable {
    public struct Host: Sendable, Equatable, Codable {
        /// As it is while no other rank computes, or where only that was measured while all do.
        public var profile: HostProfile
        /// As it is while all compute; nil: as above.
        public var crowded: HostProfile?

        public init(profile: HostProfile, crowded: HostProfile?) {
            self.profile = profile
            self.crowded = crowded
        }

        /// The same with so much memory, which is never what it was.
        public func having(memoryBytes: Int?) -> Host {
            var host = self
            host.profile.memoryBytes = memoryBytes
            host.crowded?.memoryBytes = memoryBytes
            return host
        }
    }

    public var hosts: [Host?]
    /// The edge from each rank to the next.
    public var edges: [LinkProfile?]
    /// When the oldest of it was measured, in seconds since 1970; nil: that is not known.
    public var oldest: Int?

    public static func nothing(rankCount: Int) -> KnownProfile {
        KnownProfile(
            hosts: Array(repeating: nil, count: rankCount), edges: Array(repeating: nil, count: rankCount))
    }

    /// Whether nothing is left to measure.
    public var isComplete: Bool { !hosts.contains { $0 == nil } && !edges.contains { $0 == nil } }

    public var knownHostCount: Int { hosts.count { $0 != nil } }

    /// How long before `now` the oldest of it was measured, in words.
    ///
    /// - Parameter now: Seconds since 1970.
    public func age(at now: Int) -> String {
        guard let oldest else { return "earlier" }
        let seconds = now - oldest
        let units = [("day", 24 * 3600), ("hour", 3600), ("minute", 60)]
        guard let (name, size) = units.first(where: { seconds >= $0.1 }) else { return "just now" }
        let count = seconds / size
        return "\(count) \(name)\(count == 1 ? "" : "s") ago"
    }
}
