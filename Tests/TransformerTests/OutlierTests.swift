import Foundation
import Kernels
import Microbatches
import ModelFiles
import Tensors
import TestSupport
import Testing

@testable import Transformer

/// Rows that one element holds most of, among others: what they need is decided by each row alone.
@Suite("Rows with outliers")
struct OutlierTests {
    private static let rowCount = 40
    private static let types: [ElementType] = [.q4_0, .q4_1, .q8_0, .q4_K, .q6_K]

    @Test("They come as near to float weights as other rows", arguments: types)
    func accuracy(_ type: ElementType) throws {
        let model = try Self.model(type)
        let floats = try Self.floats(of: model)
        let errors = zip(
            try Layers(model, rowCapacity: Self.rowCount).updates(Self.rows()),
            try Layers(floats, rowCapacity: Self.rowCount).updates(Self.rows())
        ).map { found, expected in
            let error = zip(found, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            return (error / expected.reduce(0) { $0 + $1 * $1 }).squareRoot()
        }
        let plain = errors.indices.filter { !Self.isOutlier($0) }.map { errors[$0] }.max()!
        for row in errors.indices where Self.isOutlier(row) { #expect(errors[row] < plain, "\(type) row \(row)") }
    }

    @Test("Threads, chunks and instruction sets do not change a bit", arguments: InstructionSet.available, types)
    func invariance(_ set: InstructionSet, _ type: ElementType) throws {
        let model = try Self.model(type)
        let expected = try Layers(model, set: .portable, rowCapacity: Self.rowCount).updates(Self.rows())
        for (threads, chunk) in [(1, Self.rowCount), (3, Self.rowCount), (2, 7), (5, 3), (1, 1), (3, 1)] {
            let found = try Layers(model, set: set, threads: threads, rowCapacity: chunk).updates(Self.rows())
            #expect(found == expected, "\(set) with \(threads) threads in chunks of \(chunk)")
        }
    }

    private static func isOutlier(_ row: Int) -> Bool { [0, 1, 9, 30].contains(row) }

    /// Hidden states, of which some rows have one massive element, others a few.
    private static func rows() -> [[Float]] {
        var random = FixedRandom(7)
        return (0..<rowCount).map { row in
            var x = (0..<256).map { _ in Float.random(in: -1...1, using: &random) }
            if isOutlier(row) { x[37] = row == 9 ? -300 : 60 }
            if row == 30 { x[200] = -20 }
            return x
        }
    }

    /// Layers of random weights of one type.
    private static func model(_ type: ElementType) throws -> Model {
        try withFile { path in
            try SyntheticModel(
                layerCount: 1, hiddenSize: 256, intermediateSize: 512, headCount: 4, kvHeadCount: 2, type: type
            ).write(to: path, vocabulary: .none(size: 500))
        }
    }

    /// The same weights as plain floats.
    private static func floats(of model: Model) throws -> Model {
        try withFile { path in
            try GGUFExport(model, QuantizationMix(.f32)).write(to: path) { count, body in (0..<count).forEach(body) }
        }
    }

    /// A file written, opened and gone.
    private static func withFile(_ write: (String) throws -> Void) throws -> Model {
        let path = NSTemporaryDirectory() + "stagecoach-outliers-\(UUID().uuidString).gguf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try write(path)
        return try Model(path: path)
    }
}

/// A stage with all layers of a model, and what it adds to the hidden states of one sequence.
private struct Layers {
    private let stage: Stage

    init(_ model: Model, set: InstructionSet = .best, threads: Int = 1, rowCapacity: Int) throws {
        let team = try ThreadTeam(threadCount: threads)
        let capacity = KVCapacity(slotCount: 1, contextLength: 64)
        let layers = 0..<model.configuration.layerCount
        let cache = try KVCache(
            layerCount: layers.count, configuration: model.configuration, type: .f32, capacity: capacity)
        let blocks = (0..<capacity.blocksPerSlot).map { KVOperation.append(Int32($0), to: 0) }
        #expect(blocks.withUnsafeBufferPointer { cache.apply($0) })
        stage = try Stage(
            model, layerRange: layers, cache: cache, rowCapacity: rowCapacity, team: team, kernels: KernelSet(set),
            loader: WeightLoader(team: team) { _ in })
    }

    func updates(_ rows: [[Float]]) throws -> [[Float]] {
        var updates: [[Float]] = []
        for first in stride(from: 0, to: rows.count, by: stage.rowCapacity) {
            let chunk = Array(rows[first..<min(first + stage.rowCapacity, rows.count)])
            var x = chunk.flatMap { $0 }
            let span = Span(slot: 0, firstPosition: first, count: chunk.count, logitRows: 0)
            try x.withUnsafeMutableBufferPointer { x in
                try withUnsafePointer(to: span) {
                    try stage.forward(Spans(start: $0, count: 1), hidden: x.baseAddress!)
                }
            }
            updates += chunk.indices.map { row in zip(x[(row * 256)...], chunk[row]).map { $0 - $1 } }
        }
        return updates
    }
}
