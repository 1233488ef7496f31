import Sampling
import Testing
import Tokenization

@Suite struct LogitsProcessorTests {
    /// Lets only some tokens through, as a grammar would.
    private struct Mask: LogitsProcessor {
        let allowed: @Sendable (TokenID, [TokenID]) -> Bool

        func process(_ logits: UnsafeMutableBufferPointer<Double>, after history: [TokenID]) {
            for id in logits.indices where !allowed(TokenID(id), history) { logits[id] = -.infinity }
        }
    }

    private func choose(
        _ logits: [Float], _ parameters: SamplingParameters, _ masks: [Mask], position: Int = 0,
        history: [TokenID] = []
    ) throws -> TokenID {
        var sampler = Sampler(vocabSize: logits.count)
        var processors = sampler.processors(for: parameters)
        for mask in masks { processors.append(mask) }
        return try logits.withUnsafeBufferPointer {
            try sampler.sample(
                $0, processors: processors, parameters: parameters, key: RandomKey(seed: 1, position: position),
                history: history)
        }
    }

    @Test("Parameters that change no logit make no processor")
    func none() {
        let sampler = Sampler(vocabSize: 4)
        var parameters = SamplingParameters()
        parameters.temperature = 1
        parameters.topK = 2
        #expect(sampler.processors(for: parameters).isEmpty)
        parameters.logitBias = [1: 1]
        #expect(!sampler.processors(for: parameters).isEmpty)
    }

    @Test("A mask after penalties and bias decides in greedy decoding and in drawing, and sees the history")
    func mask() throws {
        var parameters = SamplingParameters()
        parameters.logitBias = [3: 100]
        let alternating = Mask { id, history in id % 2 != (history.last ?? 0) % 2 }
        #expect(try choose([1, 2, 3, 0], parameters, [alternating], history: [6]) == 3)
        #expect(try choose([1, 2, 3, 0], parameters, [alternating], history: [7]) == 2)
        parameters.temperature = 5
        for position in 0..<50 {
            #expect(try choose([1, 2, 3, 0], parameters, [alternating], position: position, history: [7]) % 2 == 0)
        }
    }

    @Test("Processors run in their order, each on what the one before left")
    func order() throws {
        let first = Mask { id, _ in id < 3 }
        let second = Mask { id, _ in id > 1 }
        #expect(try choose([5, 4, 3, 9], SamplingParameters(), [first, second]) == 2)
        let nothing = Mask { _, _ in false }
        #expect(throws: SamplerError.everyTokenBanned) {
            try choose([5, 4, 3, 9], SamplingParameters(), [first, nothing])
        }
    }
}
