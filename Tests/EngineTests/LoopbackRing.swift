import Kernels
import Microbatches
import ModelFiles
import Ring
import Scheduling
import TestSupport
import Transformer

@testable import Engine

/// The small Llama 2 over stages on threads of this process.
enum LoopbackRing {
    /// Runs `body` with the coordinator of a ring whose stages have so many layers, one slot for each of `sequences`, and
    /// memory for `kvBlocks`.
    ///
    /// - Parameters:
    ///   - beforeStage: Called by the other ranks' stages before they compute.
    ///   - replaceEnds: Puts others in the place of the model's ends.
    ///   - observer: Told of what rank 0 does.
    static func run(
        layerCounts: [Int], sequences: Int, kvBlocks: Int, chunk: Int = 48,
        beforeStage: (@Sendable () -> Void)? = nil, replaceEnds: (any ModelEnds) -> any ModelEnds = { $0 },
        observer: (any StageObserver)? = nil,
        _ body: (Coordinator) throws -> Void
    ) throws {
        let model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        var capacity = KVCapacity(slotCount: sequences, contextLength: 192)
        capacity.blockCount = kvBlocks
        let limits = SchedulerLimits(capacity: capacity, rowCapacity: chunk, stageCount: layerCounts.count)
        let frameCapacity = Frame.byteCount(
            operations: limits.operationCapacity, spans: limits.spanCapacity, rows: chunk,
            hiddenSize: model.configuration.hiddenSize)
        let links = LoopbackLink.ring(stageCount: layerCounts.count, frameCapacity: frameCapacity)
        var first = 0
        var stages: [Stage] = []
        for count in layerCounts {
            stages.append(try makeStage(model, first..<first + count, capacity, chunk))
            first += count
        }
        let threads = stages.indices.dropFirst().map { rank in
            let loop = StageLoop(
                stage: beforeStage.map { GatedStage(stages[rank], $0) } ?? stages[rank], link: links[rank], runID: 1,
                rank: rank, stageCount: stages.count)
            return TestThread(loop.run)
        }
        let pipeline = Pipeline(
            stage: stages[0], link: links[0], stageCount: stages.count, runID: 1, observer: observer)
        let team = try ThreadTeam(threadCount: 1)
        let head = try OutputHead(
            model, team: team, kernels: KernelSet(.best), loader: WeightLoader(team: team) { _ in })
        try body(
            Coordinator(
                model: model, tokenizer: model.tokenizer(), pipeline: pipeline,
                ends: replaceEnds(ComputedEnds(embedding: try TokenEmbedding(model), head: head)), limits: limits))
        try pipeline.stop()
        for thread in threads { try thread.join() }
    }

    private static func makeStage(
        _ model: Model, _ layers: Range<Int>, _ capacity: KVCapacity, _ chunk: Int
    ) throws -> Stage {
        let team = try ThreadTeam(threadCount: 1)
        let cache = try KVCache(
            layerCount: layers.count, configuration: model.configuration, type: .f16, capacity: capacity)
        return try Stage(
            model, layerRange: layers, cache: cache, rowCapacity: chunk, team: team, kernels: KernelSet(.best),
            loader: WeightLoader(team: team) { _ in })
    }
}
