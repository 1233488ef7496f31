import Kernels
import Microbatches
import ModelFiles
import TestSupport
import Testing

@testable import Transformer

@Suite("A stage")
struct StageTests {
    private static let tokens: [Int32] = (0..<150).map { 3 + $0 * 11 % 500 }

    @Test(
        "Threads, chunks and instruction sets do not change a bit", arguments: InstructionSet.available, KVType.allCases
    )
    func invariance(set: InstructionSet, type: KVType) throws {
        let expected = try hidden(set: .portable, threads: 1, chunk: 150, type: type)
        for (threads, chunk) in [(1, 150), (2, 150), (3, 64), (5, 7), (7, 3), (2, 1), (1, 1)] {
            let found = try hidden(set: set, threads: threads, chunk: chunk, type: type)
            #expect(found == expected, "\(set) with \(threads) threads in chunks of \(chunk)")
        }
    }

    @Test("A neighbour in the batch does not change a bit")
    func neighbours() throws {
        let stage = try makeStage(set: .best, threads: 2, rowCapacity: 64, slots: 2)
        let width = stage.configuration.hiddenSize
        var alone = [Float](repeating: 0, count: 30 * width)
        try embed(Self.tokens[..<30], into: &alone)
        var together = [Float](repeating: 0, count: 50 * width)
        try embed(Self.tokens[100..<120] + Self.tokens[..<30], into: &together)
        try forward(stage, [Span(slot: 0, firstPosition: 0, count: 30, logitRows: 0)], &alone)
        try forward(
            stage,
            [
                Span(slot: 0, firstPosition: 0, count: 20, logitRows: 0),
                Span(slot: 1, firstPosition: 0, count: 30, logitRows: 0),
            ], &together)
        #expect(alone.map(\.bitPattern) == together[(20 * width)...].map(\.bitPattern))
    }

    @Test("A value that is not finite is reported with its layer")
    func nonFinite() throws {
        let stage = try makeStage(set: .best, threads: 2, rowCapacity: 4, slots: 1)
        var x = [Float](repeating: 1, count: 2 * stage.configuration.hiddenSize)
        x[5] = .infinity
        #expect(throws: StageError.self) {
            try forward(stage, [Span(slot: 0, firstPosition: 0, count: 2, logitRows: 0)], &x)
        }
    }

    private func hidden(set: InstructionSet, threads: Int, chunk: Int, type: KVType) throws -> [UInt32] {
        let stage = try makeStage(set: set, threads: threads, rowCapacity: chunk, slots: 1, type: type)
        var bits: [UInt32] = []
        for start in stride(from: 0, to: Self.tokens.count, by: chunk) {
            let ids = Self.tokens[start..<min(start + chunk, Self.tokens.count)]
            var x = [Float](repeating: 0, count: ids.count * stage.configuration.hiddenSize)
            try embed(ids, into: &x)
            try forward(stage, [Span(slot: 0, firstPosition: start, count: ids.count, logitRows: 0)], &x)
            bits += x.map(\.bitPattern)
        }
        return bits
    }

    private func embed(_ ids: some Collection<Int32>, into x: inout [Float]) throws {
        try TokenEmbedding(Self.model()).write(Array(ids)[...], to: &x)
    }

    private func forward(_ stage: Stage, _ spans: [Span], _ x: inout [Float]) throws {
        try spans.withUnsafeBufferPointer { spans in
            try x.withUnsafeMutableBufferPointer { try stage.forward(spans, hidden: $0.baseAddress!) }
        }
    }

    private func makeStage(
        set: InstructionSet, threads: Int, rowCapacity: Int, slots: Int, type: KVType = .f16
    ) throws -> Stage {
        let model = try Self.model()
        let team = try ThreadTeam(threadCount: threads)
        let layers = 0..<model.configuration.layerCount
        let cache = try KVCache(
            layerCount: layers.count, configuration: model.configuration, type: type,
            capacity: KVCapacity(slotCount: slots, contextLength: 192))
        // Blocks dealt out in turn, so that no sequence's blocks lie side by side.
        let operations = (0..<3 * slots).map { KVOperation.append(Int32($0), to: Int32($0 % slots)) }
        #expect(operations.withUnsafeBufferPointer { cache.apply($0) })
        return try Stage(
            model, layerRange: layers, cache: cache, rowCapacity: rowCapacity, team: team, kernels: KernelSet(set),
            loader: WeightLoader(team: team) { _ in })
    }

    private static func model() throws -> Model { try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf")) }
}
