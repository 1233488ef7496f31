import Kernels
import Microbatches
import ModelFiles
import Testing
import Transformer

/// One sequence on its way through stages of a model, in chunks.
struct OneSequence {
    let tokens: [Int32]
    var set = InstructionSet.best
    var type = KVType.f32
    var threads = 1
    /// How many tokens each chunk has; the last size holds for all that follow.
    var chunks: [Int]

    /// The bits of all tokens' hidden states `[tokens, hiddenSize]` after stages with these layers; nil for one with all.
    func hidden(_ model: Model, stages: [Range<Int>]? = nil) throws -> [UInt32] {
        let team = try ThreadTeam(threadCount: threads)
        let width = model.configuration.hiddenSize
        var x = [Float](repeating: 0, count: tokens.count * width)
        try TokenEmbedding(model).write(tokens[...], to: &x)
        for layers in stages ?? [0..<model.configuration.layerCount] {
            let stage = try stage(model, layers, team)
            try x.withUnsafeMutableBufferPointer { x in
                for span in spans {
                    try withUnsafePointer(to: span) {
                        try stage.forward(
                            Spans(start: $0, count: 1), hidden: x.baseAddress! + Int(span.firstPosition) * width)
                    }
                }
            }
        }
        return x.map(\.bitPattern)
    }

    private var spans: [Span] {
        var spans: [Span] = []
        var first = 0
        while first < tokens.count {
            let count = min(chunks[min(spans.count, chunks.count - 1)], tokens.count - first)
            spans.append(Span(slot: 0, firstPosition: first, count: count, logitRows: 0))
            first += count
        }
        return spans
    }

    private func stage(_ model: Model, _ layers: Range<Int>, _ team: ThreadTeam) throws -> Stage {
        let capacity = KVCapacity(slotCount: 1, contextLength: tokens.count)
        let cache = try KVCache(
            layerCount: layers.count, configuration: model.configuration, type: type, capacity: capacity)
        let blocks = (0..<capacity.blocksPerSlot).map { KVOperation.append(Int32($0), to: 0) }
        #expect(blocks.withUnsafeBufferPointer { cache.apply($0) })
        return try Stage(
            model, layerRange: layers, cache: cache, rowCapacity: chunks.max()!, team: team, kernels: KernelSet(set),
            loader: WeightLoader(team: team) { _ in })
    }
}
