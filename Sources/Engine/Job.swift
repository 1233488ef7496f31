import Clusters
import ModelFiles
import Planning
import Requests

/// What a report says about the run it comes from.
public struct JobFacts: Sendable {
    public let rankCount: Int
    /// Threads of rank 0.
    public let threadCount: Int
    /// Layers of each rank.
    public let partition: [Int]
    /// The host of each rank.
    public let hosts: [String]
    /// What rank 0's host is said to do; only in an emulated run, in which nothing is computed.
    public let emulatedHost: HostProfile?
    /// The kernels that rank 0 uses.
    public let instructionSet: String
    let partitionPlan: Partition
    /// What hosts and links can do, where it was measured.
    let profile: ClusterProfile?
    let costModel: CostModel
    let microbatches: Int?
    /// Bytes the model file stores for the tensors that a token reads.
    public let weightBytesPerToken: Int
    /// Bytes of the keys and values that one position has in all layers.
    public var cacheBytesPerPosition: Int {
        Int((costModel.cachedBytesPerPosition * Double(partition.reduce(0, +))).rounded())
    }
    /// Products and additions of a prompt's token with the matrices of all layers, by the kind of weights.
    public let integerOperationsPerToken: Int
    public let floatOperationsPerToken: Int
    /// What each rank has to do.
    public let shares: [StageShare]
    /// How long the weights took; nil in an emulated run, which reads none.
    public internal(set) var loading: Loading?

    /// What this run's ranks are going to take for some work; nil where they were not measured.
    public func prediction(of workload: Workload) -> Prediction? {
        profile.map {
            Prediction(workload, partitionPlan, on: $0, costs: costModel, microbatches: microbatches)
        }
    }

    /// Whether times are those that hosts described by the user would take.
    public var isEmulated: Bool { emulatedHost != nil }
}

/// How the weights got into memory, from the first byte to the last rank that was ready.
public struct Loading: Sendable {
    /// Bytes of the model's files that all ranks read.
    public let byteCount: Int
    public let seconds: Double

    /// Bytes a second.
    public var rate: Double { Double(byteCount) / seconds }
}

/// Told how a job goes, for people to see.
public protocol JobObserver: AnyObject {
    /// So many more bytes of slices are on their way to ranks that lack the model.
    func delivered(_ bytes: Int, of total: Int)
    /// All ranks have what they need.
    func finishedDelivering()
    /// So many more bytes of the weights are in memory.
    func loaded(_ bytes: Int, of total: Int)
    /// The weights are in memory.
    func finishedLoading()
    /// Something that people may want to know; told on rank 0 only.
    func noted(_ message: String)
    /// From here on `lastWords` are to be said, on any thread, before a signal ends the process; told on rank 0 only.
    func mayEnd(_ lastWords: @escaping @Sendable () -> Void)
    /// The job ends because of this; told on one rank only.
    func failed(_ message: String)
}

extension JobObserver {
    public func noted(_ message: String) {}
    public func mayEnd(_ lastWords: @escaping @Sendable () -> Void) {}
}

/// One run of a model over all ranks of the launch, from opening the file to leaving the ring.
public enum Job {
    /// Runs `coordinate` on rank 0 and the stage loop on every other rank.
    ///
    /// Ranks agree on each step of the start, so that a file missing on one host ends all of them with one message.
    ///
    /// - Parameters:
    ///   - prepare: Runs on rank 0 before weights are loaded and refuses what can be refused early.
    ///   - coordinate: Runs on rank 0 with the pipeline in place.
    public static func run<Prepared>(
        _ configuration: JobConfiguration, observer: some JobObserver,
        prepare: (_ model: Model, _ rules: PromptRules) throws -> Prepared,
        coordinate: (Coordinator, Prepared, JobFacts) throws -> Void
    ) throws(JobFailure) {
        let cluster = try join(configuration, observer)
        let prepared: Prepared?
        let stage: LoadedStage
        let trace: JobTrace?
        do {
            let provided = try Provisioning(configuration, cluster).run { observer.delivered($0, of: $1) }
            observer.finishedDelivering()
            if let note = provided.note, cluster.rank == 0 { observer.noted(note) }
            let draft = try cluster.agree { try StagePlan(provided.configuration, cluster) }
            provided.removeTemporary()
            prepared = try cluster.agree { cluster.rank == 0 ? try prepare(draft.model, draft.promptRules) : nil }
            let file = try cluster.agree { cluster.rank == 0 ? try configuration.tracePath.map(OutputFile.init) : nil }
            try cluster.compare(draft.fingerprint)
            var decided = draft
            try decided.decide(cluster, known: provided.profile)
            let plan = decided
            let capacity = try plan.kvCapacity(cluster)
            let reportsProgress = cluster.rank == 0
            let start = ContinuousClock.now
            var loaded = try cluster.agree {
                try plan.load(cluster, capacity: capacity) { if reportsProgress { observer.loaded($0, of: $1) } }
            }
            loaded.note(loadedSince: start)
            stage = loaded
            observer.finishedLoading()
            trace = try cluster.agree {
                try configuration.tracePath.map { try JobTrace(path: $0, file, cluster, plan) }
            }
            if let trace, cluster.rank == 0 { observer.mayEnd { trace.rescue("the run was ended from outside") } }
        } catch {
            // Every rank is here with the same failure. Rank 0 speaks, and before it leaves: the launcher ends all ranks
            // as soon as one has gone.
            if cluster.rank == 0 { observer.failed(error.message) }
            try? cluster.leave()
            throw JobFailure(status: error.status)
        }
        do {
            if let prepared {
                let pipeline = stage.pipeline(tracing: trace?.recorder)
                try coordinate(stage.coordinator(pipeline), prepared, stage.facts)
                try pipeline.stop()
            } else {
                try stage.stageLoop(tracing: trace?.recorder).run()
            }
            if let summary = try trace?.finish(cluster) { observer.noted(summary) }
            try cluster.leave()
        } catch {
            // This rank leaves without finalizing MPI: the launcher sees it and ends the others with its status.
            cluster.declareFailure()
            let failure = Failure(describing: error).on(cluster)
            trace?.rescue(failure.message)
            observer.failed(failure.message)
            throw JobFailure(status: failure.status)
        }
    }

    private static func join(
        _ configuration: JobConfiguration, _ observer: some JobObserver
    ) throws(JobFailure) -> Cluster {
        do {
            return try Cluster.join(timeout: configuration.timeout)
        } catch {
            let failure = Failure(describing: error)
            observer.failed(failure.message)
            throw JobFailure(status: failure.status)
        }
    }
}

/// A job that ended early, and has been reported; what is left is to exit.
public struct JobFailure: Error {
    public let status: Int32

    public init(status: Int32) { self.status = status }
}
