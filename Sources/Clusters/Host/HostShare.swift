/// What a rank gets of its host beside the other ranks there.
public struct HostShare: Sendable {
    /// Threads that the rank should run: the cores it may use and the time it gets of them, divided among the ranks that
    /// share them, rounded down; at least one.
    public let threadCount: Int
    /// Cores whose time quotas leave to the rank; nil: that of all that it may use.
    public let cpuQuota: Double?
    /// How many ranks share the host, this one included.
    public let rankCount: Int
    /// How many of them are in each group whose memory is limited.
    private let memorySharers: [String: Int]
    private let root: String

    /// - Parameter all: The limits of all ranks of the host, `own` among them.
    init(_ own: ProcessLimits, among all: [ProcessLimits], root: String = "") {
        let cores = own.mask.threadShare(among: all.map(\.mask))
        let quota = own.quotas.map { quota in
            quota.amount / Double(max(1, all.count { $0.quotas.contains { $0.group == quota.group } }))
        }.min()
        cpuQuota = quota.flatMap { $0 < Double(cores) ? $0 : nil }
        threadCount = max(1, cpuQuota.map { Int($0) } ?? cores)
        rankCount = all.count
        memorySharers = own.memoryGroups.reduce(into: [:]) { sharers, group in
            sharers[group] = all.count { $0.memoryGroups.contains(group) }
        }
        self.root = root
    }

    /// That of a process that has the host for itself.
    public static var alone: HostShare {
        let limits = ProcessLimits()
        return HostShare(limits, among: [limits])
    }

    /// Bytes that the rank can use now without swapping, and no more than its groups still allow; nil where neither is told.
    public var availableMemory: Int? {
        let limits = ControlGroups(root: root).memoryRests.map { $0.amount / max(1, memorySharers[$0.group] ?? 1) }
        return (limits + [HostMemory.kernelEstimate(root: root).map { $0 / rankCount }].compactMap { $0 }).min()
    }
}
