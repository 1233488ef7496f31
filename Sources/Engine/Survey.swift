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

    public init(_ shape: ModelShape, kvType: ElementType, threads: Int?) {
        self.shape = shape
        self.kvType = kvType
        self.threads = threads
    }

    /// Measures every rank and every edge of the launch, and tells rank 0.
    ///
    /// - Parameter prepare: makes the survey; runs on every rank.
    /// - Parameter report: runs on rank 0.
    public static func run(
        timeout: Double, observer: some JobObserver, prepare: () throws -> Survey,
        report: (Survey, ClusterProfile) throws -> Void
    ) throws(JobFailure) {
        let cluster: Cluster
        do { cluster = try Cluster.join(timeout: timeout) } catch {
            let failure = Failure(describing: error)
            observer.failed(failure.message)
            throw JobFailure(status: failure.status)
        }
        do {
            let survey = try cluster.agree(prepare)
            let profile = try cluster.profile(.thorough) { () throws(Failure) in
                try survey.measure(
                    cluster.hosts[cluster.rank], ranksOnHost: cluster.ranksOnHost, cluster.defaultThreadCount)
            }
            try cluster.agree { if cluster.rank == 0 { try report(survey, profile) } }
            try? cluster.leave()
        } catch {
            if cluster.rank == 0 { observer.failed(error.message) }
            try? cluster.leave()
            throw JobFailure(status: error.status)
        }
    }

    /// What this machine can do, for plans of machines that nothing is known of.
    public func measureThisMachine() throws -> HostProfile {
        try measure("this machine", ranksOnHost: 1, ThreadTeam.availableCoreCount)
    }

    private func measure(_ host: String, ranksOnHost: Int, _ defaultThreads: Int) throws(Failure) -> HostProfile {
        do {
            return try HostProfile.measure(
                shape, name: host, memoryBytes: HostMemory.available.map { $0 / ranksOnHost }, kvType: kvType,
                kernels: KernelSet(InstructionSet.chosen()), threadCount: threads ?? defaultThreads, effort: .thorough)
        } catch { throw Failure(describing: error) }
    }
}
