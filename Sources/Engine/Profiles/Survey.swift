import Clusters
import Kernels
import Planning
import Probes
import Tensors

/// A look at hosts and links, without loading a model.
public struct Survey {
    /// What of the model the figures depend on.
    public var shape: ModelShape
    public var kvType: ElementType
    /// nil: the cores a rank may use, divided among the ranks that share them.
    public var threads: Int?

    /// How closely.
    public var effort: ProbeEffort

    public init(_ shape: ModelShape, kvType: ElementType, threads: Int?, effort: ProbeEffort = .thorough) {
        self.shape = shape
        self.kvType = kvType
        self.threads = threads
        self.effort = effort
    }

    /// Measures every rank and every edge of the launch, and tells rank 0.
    ///
    /// - Parameter prepare: makes the survey for so many ranks, and refuses what can be refused before anything is measured;
    ///   runs on every rank.
    /// - Parameter report: runs on rank 0.
    public static func run(
        timeout: Double, observer: some JobObserver, prepare: (Int) throws -> Survey,
        report: (Survey, ClusterProfile) throws -> Void
    ) throws(JobFailure) {
        let cluster = try Job.join(timeout, nil, observer)
        do throws(Failure) {
            let survey = try cluster.agree(.conversation) { try prepare(cluster.size) }
            cluster.begin(StartStep.survey.activity)
            let profile = try survey.profile(cluster)
            if let note = try cluster.networksLeftOut(), cluster.rank == 0 { observer.noted(note) }
            try cluster.agree(.conversation) { if cluster.rank == 0 { try report(survey, profile) } }
            try? cluster.leave()
        } catch { throw Job.leave(cluster, after: error, observer) }
    }

    /// What hosts and links can do; all ranks measure together what is not known.
    func profile(_ cluster: Cluster, knowing known: KnownProfile? = nil) throws(Failure) -> ClusterProfile {
        var known = known
        if let own = known?.hosts[cluster.rank] {
            known!.hosts[cluster.rank] = own.having(memoryBytes: cluster.hostShare.availableMemory)
        }
        return try cluster.profile(effort, knowing: known) { () throws(Failure) in
            do {
                return try measure(cluster.hosts[cluster.rank], cluster.hostShare)
            } catch { throw Failure(describing: error) }
        }
    }

    /// What this machine can do, for plans of machines that nothing is known of.
    public func measureThisMachine() throws -> HostProfile {
        try measure("this machine", .alone)
    }

    private func measure(_ host: String, _ share: HostShare) throws -> HostProfile {
        var profile = try HostProfile.measure(
            shape, name: host, memoryBytes: share.availableMemory, kvType: kvType,
            kernels: KernelSet(InstructionSet.chosen()), threadCount: threads ?? share.threadCount, effort: effort)
        profile.cpuQuota = share.cpuQuota
        return profile
    }
}
