import Kernels
import Microbatches
import ModelFiles
import TestSupport
import Testing
import Transformer

@testable import Ring

@Suite("The ring over loopback links")
struct PipelineTests {
    private static let tokens: [Int32] = (0..<70).map { 3 + $0 * 7 % 500 }

    @Test("Any split gives the bits of one stage", arguments: [[3], [1, 2], [2, 1], [1, 1, 1], [0, 3], [0, 1, 2]])
    func splits(layerCounts: [Int]) throws {
        let whole = try Self.hiddenStates(layerCounts: [3], chunk: 70)
        for chunk in [1, 7, 64, 70] {
            #expect(try Self.hiddenStates(layerCounts: layerCounts, chunk: chunk) == whole, "chunks of \(chunk)")
        }
    }

    /// The bits of the last row's hidden states after all layers.
    private static func hiddenStates(layerCounts: [Int], chunk: Int) throws -> [UInt32] {
        let model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        let width = model.configuration.hiddenSize
        let links = LoopbackLink.ring(
            stageCount: layerCounts.count,
            frameCapacity: Frame.byteCount(operations: 2, spans: 1, rows: chunk, hiddenSize: width))
        var first = 0
        var stages: [Stage] = []
        for count in layerCounts {
            stages.append(try makeStage(model, layers: first..<first + count, chunk: chunk))
            first += count
        }
        let threads = zip(stages, links).enumerated().dropFirst().map { index, pair in
            let loop = StageLoop(
                stage: pair.0, link: pair.1, runID: 1, rank: index, stageCount: layerCounts.count)
            return TestThread(loop.run)
        }
        let pipeline = Pipeline(stage: stages[0], link: links[0], stageCount: stages.count, runID: 1)
        let last = try run(pipeline, try TokenEmbedding(model), chunk: chunk, width: width)
        let times = try pipeline.takeTimes()
        #expect(times.count == layerCounts.count)
        for (count, times) in zip(layerCounts, times) where count > 0 { #expect(times.compute > 0) }
        try pipeline.stop()
        for thread in threads { try thread.join() }
        return last
    }

    private static func run(_ pipeline: Pipeline, _ embedding: TokenEmbedding, chunk: Int, width: Int) throws
        -> [UInt32]
    {
        var last: [UInt32] = []
        func collect() throws {
            let frame = try pipeline.collect()
            if frame.rowCount == 1 { last = (0..<width).map { frame.hidden[$0].bitPattern } }
            pipeline.finish(frame)
        }
        for start in stride(from: 0, to: tokens.count, by: chunk) {
            let ids = tokens[start..<min(start + chunk, tokens.count)]
            let isLast = ids.endIndex == tokens.count
            if pipeline.inFlightCount > pipeline.stageCount { try collect() }
            let span = Span(slot: 0, firstPosition: start, count: ids.count, logitRows: isLast ? 1 : 0)
            // Blocks in descending order: a sequence's blocks need not lie side by side.
            let blocks: [KVOperation] = start == 0 ? [.append(1, to: 0), .append(0, to: 0)] : []
            let frame = try pipeline.makeFrame(for: Microbatch(spans: [span], operations: blocks))
            try embedding.write(ids, to: frame.hidden)
            try pipeline.submit(frame)
        }
        while pipeline.inFlightCount > 0 { try collect() }
        return last
    }

    private static func makeStage(_ model: Model, layers: Range<Int>, chunk: Int) throws -> Stage {
        let team = try ThreadTeam(threadCount: 1)
        let cache = try KVCache(
            layerCount: layers.count, configuration: model.configuration, type: .f16,
            capacity: KVCapacity(slotCount: 1, contextLength: 128))
        return try Stage(
            model, layerRange: layers, cache: cache, rowCapacity: chunk, team: team, kernels: KernelSet(.best),
            loader: WeightLoader(team: team) { _ in })
    }
}
