import Clusters
import ModelFiles
import Requests

/// One run of a model over all ranks of the launch, from opening the file to leaving the ring.
public enum Job {
    /// Runs `coordinate` on rank 0 and the stage loop on every other rank.
    ///
    /// Ranks agree on each step of the start, so that a file missing on one host ends all of them with one message.
    ///
    /// - Parameters:
    ///   - claim: Runs on rank 0 before anything else and takes what the run needs of its host, such as a port.
    ///   - prepare: Runs on rank 0 before weights are loaded and refuses what can be refused early.
    ///   - coordinate: Runs on rank 0 with the pipeline in place.
    public static func run<Prepared>(
        _ configuration: JobConfiguration, observer: some JobObserver, claim: () throws -> Void = {},
        prepare: (_ model: Model, _ rules: PromptRules) throws -> Prepared,
        coordinate: (Coordinator, Prepared, JobFacts) throws -> Void
    ) throws(JobFailure) {
        let cluster = try join(configuration.timeout, configuration.endRequest, observer)
        var start = JobStart<Prepared>(configuration, cluster, observer)
        do throws(Failure) {
            for step in StartStep.allCases { try start.take(step, claim: claim, prepare: prepare) }
        } catch { throw leave(cluster, after: error, observer) }
        cluster.startIsOver()
        let trace = start.trace
        if let trace, cluster.rank == 0 { observer.mayEnd { trace.rescue("the run was ended from outside") } }
        do {
            if let prepared = start.prepared {
                let pipeline = start.stage.pipeline(tracing: trace?.recorder)
                try coordinate(start.stage.coordinator(pipeline), prepared, start.facts)
                try pipeline.stop()
            } else {
                try start.stage.stageLoop(tracing: trace?.recorder).run()
            }
            cluster.begin("the trace is gathered")
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

    /// The ranks of this launch.
    static func join(
        _ timeout: Double, _ endRequest: EndRequest?, _ observer: some JobObserver
    ) throws(JobFailure) -> Cluster {
        let lastWords = LastWords(observer.lastWords)
        do {
            return try Cluster.join(timeout: timeout, endRequest: endRequest, lastWords: lastWords)
        } catch {
            let failure = Failure(describing: error)
            observer.failed(failure.message)
            throw JobFailure(status: failure.status)
        }
    }

    /// Leaves with a failure that every rank has. Rank 0 speaks, and before it leaves: the launcher ends all ranks as soon
    /// as one has gone.
    static func leave(_ cluster: Cluster, after failure: Failure, _ observer: some JobObserver) -> JobFailure {
        if cluster.rank == 0 { observer.failed(failure.message) }
        try? cluster.leave()
        return JobFailure(status: failure.status)
    }
}
