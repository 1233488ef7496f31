import Kernels
import Microbatches
import ModelFiles
import Tokenization
import Transformer

/// All positions of some tokens, taken through the model on this rank with one layer in memory at a time.
struct SingleRankRun {
    /// [layer][position]
    private var hashes: [[UInt64]] = []
    /// The likeliest token after each position.
    private var argmax: [TokenID] = []

    init(
        _ model: Model, _ ids: [TokenID], contextLength: Int, kernels: KernelSet, threadCount: Int, kvType: KVType,
        onLayer: (Int) -> Void
    ) throws {
        let team = try ThreadTeam(threadCount: threadCount)
        let loader = WeightLoader(team: team) { _ in }
        let width = model.configuration.hiddenSize
        var hidden = [Float](repeating: 0, count: ids.count * width)
        try hidden.withUnsafeMutableBufferPointer { try TokenEmbedding(model).write(ids[...], to: $0.baseAddress!) }
        let spans = [Span(slot: 0, firstPosition: 0, count: ids.count, logitRows: 0)]
        // The job's, on which a rotary embedding may depend; blocks for no more than the tokens.
        let capacity = KVCapacity(
            blockCount: KVCapacity.blocks(forPositions: ids.count), slotCount: 1, contextLength: contextLength)
        let blocks = (0..<capacity.blockCount).map { KVOperation.append(Int32($0), to: 0) }
        for layer in 0..<model.configuration.layerCount {
            let cache = try KVCache(
                layerCount: 1, configuration: model.configuration, type: kvType, capacity: capacity)
            _ = blocks.withUnsafeBufferPointer { cache.apply($0) }
            let stage = try Stage(
                model, layerRange: layer..<layer + 1, cache: cache, rowCapacity: ids.count, team: team,
                kernels: kernels, loader: loader)
            let noted = LayerHashes(layerCount: 1, positionCount: ids.count)
            stage.hashes = noted
            try hidden.withUnsafeMutableBufferPointer { hidden in
                try spans.withUnsafeBufferPointer { try stage.forward($0, hidden: hidden.baseAddress!) }
            }
            hashes.append(Array(noted.values))
            onLayer(layer + 1)
        }
        let head = try OutputHead(model, team: team, kernels: kernels, loader: loader)
        argmax.reserveCapacity(ids.count)
        try hidden.withUnsafeBufferPointer { hidden in
            try head.forEachRow(of: hidden.baseAddress!, count: ids.count) { _, logits in
                argmax.append(TokenID(try logits.likeliest()))
            }
        }
    }

    /// The first layer, and in it the first position, whose hash is another; then the first token.
    func difference(from other: [[UInt64]], sampled: [TokenID]) -> Verification.Difference? {
        for (layer, (mine, theirs)) in zip(hashes, other).enumerated() {
            if let position = zip(mine, theirs).enumerated().first(where: { $1.0 != $1.1 })?.offset {
                return Verification.Difference(layer: layer, position: position)
            }
        }
        let first = argmax.count - sampled.count
        for (index, token) in sampled.enumerated() where argmax[first + index] != token {
            return Verification.Difference(layer: nil, position: first + index)
        }
        return nil
    }
}
