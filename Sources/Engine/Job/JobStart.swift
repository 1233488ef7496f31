import Clusters
import EmulatedRing
import Figures
import ModelFiles
import Planning
import Requests

/// The start of a run on this rank. All ranks take each step together, and what fails on one fails on all, with one message.
struct JobStart<Prepared> {
    private let cluster: Cluster
    private let observer: any JobObserver
    private var configuration: JobConfiguration
    /// Below is what each step leaves for those after it.
    private var provided: Provisioning.Outcome!
    private(set) var plan: JobPlan!
    private var builder: StageBuilder!
    private(set) var prepared: Prepared?
    private var traceFile: OutputFile?
    private var built: BuiltStage!
    private var loading: Loading?
    private(set) var stage: LinkedStage!
    private(set) var trace: JobTrace?

    init(_ configuration: JobConfiguration, _ cluster: Cluster, _ observer: any JobObserver) {
        (self.configuration, self.cluster, self.observer) = (configuration, cluster, observer)
    }

    /// What reports say of the run.
    var facts: JobFacts {
        var facts = builder.facts(plan)
        facts.loading = loading
        return facts
    }

    /// - Parameters:
    ///   - claim: Rank 0's part of ``StartStep/claim``.
    ///   - prepare: Rank 0's part of ``StartStep/prepare``.
    mutating func take(
        _ step: StartStep, claim: () throws -> Void, prepare: (Model, PromptRules) throws -> Prepared
    ) throws(Failure) {
        cluster.begin(step.activity)
        switch step {
        case .claim: try cluster.agree { if cluster.rank == 0 { try claim() } }
        case .provision: try provision()
        case .open: try open()
        case .prepare: try self.prepare(prepare)
        case .compare: try cluster.compare(Fingerprint(plan, emulating: builder.emulation))
        case .survey: try survey()
        case .partition: try sharePartition()
        case .fit: try fit()
        case .build: try build()
        case .link: try link()
        case .trace: try beginTrace()
        }
    }
}

extension JobStart {
    private mutating func provision() throws(Failure) {
        provided = try Provisioning(configuration, cluster).run { observer.delivered($0, of: $1) }
        observer.finishedDelivering()
        for note in provided.notes { observer.noted(note) }
        configuration = provided.configuration
    }

    private mutating func open() throws(Failure) {
        (builder, plan) = try cluster.agree {
            let builder = try StageBuilder(configuration, cluster)
            let plan = try JobPlan(configuration, builder.model, rankCount: cluster.size)
            try builder.check(plan)
            return (builder, plan)
        }
        if cluster.rank == 0 { for note in builder.model.notes { observer.noted(note) } }
        provided.release()
        plan.know(builder.emulation?.profile ?? provided.profile)
    }

    private mutating func prepare(_ prepare: (Model, PromptRules) throws -> Prepared) throws(Failure) {
        let isFirst = cluster.rank == 0
        let rules = PromptRules(builder.model.configuration, contextLength: plan.memory.context)
        // A prompt may come from a terminal.
        prepared = try cluster.agree(.conversation) { isFirst ? try prepare(builder.model, rules) : nil }
        traceFile = try cluster.agree { isFirst ? try configuration.tracePath.map(OutputFile.init) : nil }
    }

    private mutating func survey() throws(Failure) {
        guard plan.profile == nil, plan.isOpen || configuration.probeEffort == .thorough else { return }
        let survey = Survey(
            plan.costs.shape, kvType: plan.costs.kvType, threads: builder.threadCount,
            effort: configuration.probeEffort)
        let found = try survey.profile(cluster, from: configuration.profileSource)
        plan.know(found.profile)
        if let note = found.note { observer.noted(note) }
    }

    private mutating func sharePartition() throws(Failure) {
        guard plan.isOpen, let profile = plan.profile else { return }
        var found = plan!
        if cluster.rank == 0 { found.decide(on: profile) }
        let counts = try cluster.fromRankZero(found.choice == .planned ? found.partition.layerCounts : nil)
        if let counts { plan.adopt(counts) }
    }

    private mutating func fit() throws(Failure) {
        let memory = cluster.hostShare.availableMemory
        let affordable = builder.affordableBlocks(plan, memory: memory)
        let (count, rank) = try cluster.minimum(min(plan.memory.capacity.blockCount, affordable))
        guard !plan.hold(blocks: count) else { return }
        let place =
            cluster.size == 1 && builder.emulation == nil
            ? "this host has" : "rank \(rank) on \(builder.hosts[rank]) has"
        let lack = try cluster.share(encoding: builder.lack(plan, memory: memory))[rank]
        let room = lack.map {
            "the model does not fit: \(place) \($0.memory.mebibytes) of memory left, and its weights take "
                + "\($0.weights.mebibytes); add a rank, give this one fewer layers with --partition, or take weights of "
                + "fewer bits"
        }
        throw Failure(
            status: EngineError.Kind.usage.rawValue,
            message:
                room
                ?? "a context of \(plan.memory.context) tokens does not fit: \(place) memory for the keys and values of "
                + "\(plan.memory.longestSequence); ask for less with --context, use --kv-type q8_0, raise --kv-memory or "
                + "add a rank")
    }

    private mutating func build() throws(Failure) {
        if let emulation = builder.emulation {
            let clock = try cluster.agree(.messages) { try cluster.emulatedClock(speed: emulation.speed) }
            built = try cluster.agree { try builder.emulate(emulation, plan, clock) }
        } else {
            let start = ContinuousClock.now
            let reportsProgress = cluster.rank == 0
            built = try cluster.agree {
                try builder.build(plan) { [observer] in if reportsProgress { observer.loaded($0, of: $1) } }
            }
            let seconds = start.duration(to: .now) / .seconds(1)
            loading = Loading(byteCount: builder.storedByteCount(plan), seconds: seconds)
        }
        observer.finishedLoading()
    }

    private mutating func link() throws(Failure) {
        let link = try cluster.agree(.messages) { try builder.link(built, plan, cluster) }
        stage = LinkedStage(built, link, builder.model, plan, cluster)
    }

    private mutating func beginTrace() throws(Failure) {
        trace = try cluster.agree(.messages) {
            try configuration.tracePath.map { try JobTrace(path: $0, traceFile, cluster, facts) }
        }
    }
}
