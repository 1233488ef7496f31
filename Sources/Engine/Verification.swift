import Kernels
import Microbatches
import ModelFiles
import Requests
import Sampling
import Scheduling
import Tensors
import Tokenization
import Transformer

/// The outcome of comparing this run's hidden states with those of one rank that computes a layer at a time.
public struct Verification: Sendable {
    /// A place where two runs differ for the first time.
    public struct Difference: Sendable, Equatable {
        /// nil: the layers agree, the token chosen after the position does not.
        public var layer: Int?
        public var position: Int
    }

    /// One run that this one was compared with.
    public struct Comparison: Sendable {
        public var instructionSet: String
        public var difference: Difference?
    }

    public var ids: [TokenID]
    public var comparisons: [Comparison]
    /// A hash of all positions after each layer of this run.
    public var layerHashes: [UInt64]

    public var isEqual: Bool { comparisons.allSatisfy { $0.difference == nil } }
}

extension Coordinator {
    /// Generates greedily over all ranks, then computes the same tokens again on this rank alone, layer by layer and all
    /// positions at once, with its own kernels and with the portable ones.
    ///
    /// Layer by layer it needs the memory of one: models that no rank could hold are verified too.
    ///
    /// - Parameters:
    ///   - promptIDs: with `generateTokens` at most as many as the job keeps hashes for.
    ///   - onLayer: Told how many layers of how many were computed again.
    public func verify(
        _ model: Model, promptIDs: [TokenID], generateTokens: Int, facts: JobFacts, kvType: KVType,
        onLayer: (Int, Int) -> Void
    ) throws -> Verification {
        var request = GenerationRequest(
            promptIDs: promptIDs, maxTokens: generateTokens, parameters: SamplingParameters(), seed: 0)
        request.ignoresEndTokens = true
        let sampled = try generate(request).ids
        let ids = promptIDs + sampled.dropLast()
        let hashes = try pipeline.takeHashes()

        let own = try KernelSet(InstructionSet.chosen())
        let sets = own.instructionSet == .portable ? [own] : [own, KernelSet(.portable)]
        let comparisons = try sets.enumerated().map { index, kernels in
            let layerCount = configuration.layerCount
            let run = try SingleRankRun(
                model, ids, contextLength: contextLength, kernels: kernels, threadCount: facts.threadCount,
                kvType: kvType
            ) {
                onLayer(index * layerCount + $0, sets.count * layerCount)
            }
            return Verification.Comparison(
                instructionSet: kernels.instructionSet.rawValue,
                difference: run.difference(from: hashes, sampled: sampled))
        }
        return Verification(ids: ids, comparisons: comparisons, layerHashes: hashes.map(\.combined))
    }
}

/// All positions of some tokens, taken through the model on this rank with one layer in memory at a time.
private struct SingleRankRun {
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
        hidden.withUnsafeMutableBufferPointer { TokenEmbedding(model).write(ids, to: $0.baseAddress!) }
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

extension [UInt64] {
    fileprivate var combined: UInt64 {
        withUnsafeBytes { bytes in
            var hash = FNV1a()
            hash.combine(bytes)
            return hash.hash
        }
    }
}
