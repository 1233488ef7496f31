import Kernels
import ModelFiles
import Requests
import Sampling
import Tensors
import Tokenization
import Transformer

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

extension [UInt64] {
    fileprivate var combined: UInt64 {
        withUnsafeBytes { bytes in
            var hash = FNV1a()
            hash.combine(bytes)
            return hash.hash
        }
    }
}
