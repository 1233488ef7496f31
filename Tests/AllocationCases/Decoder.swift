import Kernels
import MallocCount
import Microbatches
import ModelFiles
import Sampling
import Transformer

/// Decodes one sequence with all layers of a model.
final class Decoder {
    private let embedding: TokenEmbedding
    private let stage: Stage
    private let head: OutputHead
    private var sampler: Sampler
    private let hidden: UnsafeMutablePointer<Float>
    private let span: UnsafeMutablePointer<Span>
    private var history: [Int32] = [1]
    /// Taken in turn.
    private let parameters: [SamplingParameters]
    /// Those of each.
    private let processors: [LogitsProcessors]

    init(path: String, threads: Int, kvType: KVType) throws {
        let model = try Model(path: path)
        let configuration = model.configuration
        let team = try ThreadTeam(threadCount: threads)
        let kernels = KernelSet(.best)
        let loader = WeightLoader(team: team) { _ in }
        let capacity = KVCapacity(slotCount: 1, contextLength: AllocationCases.tokens)
        let cache = try KVCache(
            layerCount: configuration.layerCount, configuration: configuration, type: kvType, capacity: capacity)
        let blocks = (0..<capacity.blocksPerSlot).map { KVOperation.append(Int32($0), to: 0) }
        precondition(blocks.withUnsafeBufferPointer(cache.apply))
        embedding = try TokenEmbedding(model)
        stage = try Stage(
            model, layerRange: 0..<configuration.layerCount, cache: cache, rowCapacity: 1, team: team,
            kernels: kernels, loader: loader)
        head = try OutputHead(model, team: team, kernels: kernels, loader: loader)
        sampler = Sampler(vocabSize: configuration.vocabSize)
        hidden = .allocate(capacity: configuration.hiddenSize)
        span = .allocate(capacity: 1)
        history.reserveCapacity(AllocationCases.tokens + 1)
        parameters = Self.parameters()
        processors = parameters.map { [sampler] in sampler.processors(for: $0) }
    }

    deinit {
        hidden.deallocate()
        span.deallocate()
    }

    /// Takes the last token through the model and samples the next one.
    func step(_ position: Int, _ counts: inout Counts) throws {
        try Counts.add(to: &counts.embedding) { try embedding.write(history[position...position], to: hidden) }
        span.initialize(to: Span(slot: 0, firstPosition: position, count: 1, logitRows: 1))
        try Counts.add(to: &counts.stage) { try stage.forward(Spans(start: span, count: 1), hidden: hidden) }
        var ofSampler = 0
        try Counts.add(to: &counts.head) {
            try head.forEachRow(of: hidden, count: 1) { _, logits in
                let turn = position % parameters.count
                try Counts.add(to: &ofSampler) {
                    history.append(
                        try sampler.sample(
                            logits, processors: processors[turn], parameters: parameters[turn],
                            key: RandomKey(seed: 1, position: position), history: history))
                }
            }
        }
        counts.head -= ofSampler
        counts.sampler += ofSampler
    }

    /// Greedy, and every step of the sampler in some mixture.
    private static func parameters() -> [SamplingParameters] {
        var topK = SamplingParameters()
        topK.temperature = 0.8
        topK.topK = 40
        topK.topP = 0.95
        var topP = SamplingParameters()
        topP.temperature = 1
        topP.topP = 0.9
        var penalties = SamplingParameters()
        penalties.temperature = 1.5
        penalties.minP = 0.01
        penalties.repeatPenalty = 1.1
        penalties.frequencyPenalty = 0.2
        penalties.presencePenalty = 0.1
        penalties.logitBias = [5: 1, 9: -.infinity]
        return [SamplingParameters(), topK, topP, penalties]
    }
}
