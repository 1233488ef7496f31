import Kernels
import Microbatches
import ModelFiles
import Planning
import Platform
import Ring
import TestSupport
import Testing
import Transformer

@testable import EmulatedRing

/// Emulated times are reckoned: they are the same on a busy machine.
@Suite("Emulated stages")
struct EmulationTests {
    private static let stageSeconds = 0.02
    /// No link: every stage hands over at once.
    private static let direct = LinkProfile(delay: 0, bandwidth: .infinity)

    @Test("m microbatches take m + p - 1 stage times", arguments: [(1, 1), (2, 5), (4, 3), (8, 16)])
    func fill(stageCount: Int, microbatches: Int) throws {
        let times = try Self.run(
            edges: Array(repeating: Self.direct, count: stageCount), stageSeconds: Self.seconds(stageCount),
            microbatches: microbatches)
        let span = Double(microbatches + stageCount - 1) * Self.stageSeconds
        #expect(abs(times.end - span) < 1e-6)
        for stage in times.stages {
            #expect(abs(stage.compute - Double(microbatches) * Self.stageSeconds) < 1e-6)
        }
        // The others' time begins when the run does.
        guard stageCount > 1 else { return }
        let wait = times.start + Double(stageCount - 1) * Self.stageSeconds
        #expect(abs(times.stages[stageCount - 1].wait - wait) < 1e-6)
    }

    @Test("The slowest stage sets the pace, and a microbatch passes the others once")
    func slowStage() throws {
        let times = try Self.run(
            edges: Array(repeating: Self.direct, count: 4), stageSeconds: [0.02, 0.02, 0.05, 0.02], microbatches: 6)
        #expect(abs(times.end - (3 * 0.02 + 6 * 0.05)) < 1e-6)
    }

    @Test("An edge delays every frame and carries one after the other")
    func edges() throws {
        // A frame takes longer to leave than a stage to compute.
        let bytes = Double(Frame.byteCount(operations: 0, spans: 1, rows: 1, hiddenSize: try Self.hiddenSize()))
        let slow = LinkProfile(delay: 0.003, bandwidth: bytes / 0.03)
        let times = try Self.run(
            edges: [slow, Self.direct], stageSeconds: Self.seconds(2), microbatches: 5)
        #expect(abs(times.end - (0.02 + 5 * 0.03 + 0.003 + 0.02)) < 1e-5)
    }

    private static func seconds(_ count: Int) -> [Double] { Array(repeating: stageSeconds, count: count) }

    private static func model() throws -> Model { try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf")) }

    private static func hiddenSize() throws -> Int { try model().configuration.hiddenSize }

    /// Sends microbatches of one row through emulated stages on threads, as many as there are at once.
    ///
    /// - Returns: When the first one left, how long it took until the last one was back, and where the stages' time went.
    private static func run(
        edges: [LinkProfile], stageSeconds: [Double], microbatches: Int
    ) throws -> (start: Double, end: Double, stages: [StageTimes]) {
        let model = try Self.model()
        let configuration = model.configuration
        let count = edges.count
        let links = LoopbackLink.ring(
            stageCount: count,
            frameCapacity: Frame.byteCount(
                operations: 4, spans: 1, rows: 1, hiddenSize: configuration.hiddenSize)
                + EmulatedLink.frameOverhead)
        let ranks = try (0..<count).map { rank in
            let clock = EmulatedClock(origin: MachineTime.nanoseconds, speed: 1000)
            var cost = CostModel(ModelShape(model)).stage(
                0..<1, hasHead: false, on: HostProfile(name: "a", threads: 1, readBandwidth: 1, integerRate: 1))
            cost.layers = RowCurve([RowCurve.Point(rows: 1, seconds: stageSeconds[rank])])
            cost.secondsPerAttended = 0
            cost.secondsPerCached = 0
            let stage = try EmulatedStage(
                configuration, layerRange: rank..<rank + 1, cost: cost,
                capacity: KVCapacity(slotCount: 1, contextLength: 128), rowCapacity: 1, clock: clock)
            let link: any Link = count == 1 ? links[0] : EmulatedLink(links[rank], edge: edges[rank], clock: clock)
            return (stage: stage, link: link, clock: clock)
        }
        let threads = ranks.enumerated().dropFirst().map { rank, parts in
            let loop = StageLoop(
                stage: parts.stage, link: parts.link, runID: 1, rank: rank, stageCount: count, clock: parts.clock)
            return TestThread(loop.run)
        }
        let pipeline = Pipeline(
            stage: ranks[0].stage, link: ranks[0].link, stageCount: count, runID: 1, clock: ranks[0].clock)
        let start = pipeline.clock.seconds
        for position in 0..<microbatches {
            let span = Span(slot: 0, firstPosition: position, count: 1, logitRows: 1)
            let blocks: [KVOperation] = position == 0 ? [.append(0, to: 0)] : []
            try pipeline.submit(pipeline.makeFrame(for: Microbatch(spans: [span], operations: blocks)))
        }
        while pipeline.inFlightCount > 0 { pipeline.finish(try pipeline.collect()) }
        let end = pipeline.clock.seconds - start
        let times = try pipeline.takeTimes()
        try pipeline.stop()
        for thread in threads { try thread.join() }
        return (start, end, times)
    }
}
