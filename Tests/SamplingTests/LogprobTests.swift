import Elementary
import Sampling
import Testing

@Suite struct LogprobTests {
    private func logprobs(_ logits: [Float], of id: Int32, likeliest: Int) -> TokenLogprobs {
        var sampler = Sampler(vocabSize: logits.count)
        return logits.withUnsafeBufferPointer { sampler.logprobs(of: id, likeliest: likeliest, $0) }
    }

    @Test func theyAreTheLogarithmOfSoftmax() {
        let logits: [Float] = [1, 3, -2, 0.5, 3]
        let sum = logits.reduce(0.0) { $0 + Transcendental.exp(Double($1)) }
        let found = logprobs(logits, of: 3, likeliest: 5)
        #expect(abs(found.token.logprob - (0.5 - Transcendental.log(sum))) < 1e-12 && found.token.id == 3)
        // Of equal ones the lower id comes first.
        #expect(found.likeliest.map(\.id) == [1, 4, 0, 3, 2])
        #expect(found.likeliest[3] == found.token)
        #expect(abs(found.likeliest.reduce(0) { $0 + Transcendental.exp($1.logprob) } - 1) < 1e-12)
    }

    @Test func extremesStayFinite() {
        let found = logprobs([3e38, -3e38, 0], of: 1, likeliest: 0)
        #expect(found.token.logprob.isFinite && found.token.logprob < -5e38)
        #expect(found.likeliest.isEmpty)
        #expect(logprobs([3e38, -3e38, 0], of: 0, likeliest: 1).token.logprob == 0)
    }

    @Test func choosingAfterwardsIsAsBefore() throws {
        let logits: [Float] = [0, 1, 2, 3]
        var parameters = SamplingParameters()
        parameters.temperature = 1
        parameters.topP = 0.9
        try logits.withUnsafeBufferPointer { row in
            var (plain, telling) = (Sampler(vocabSize: 4), Sampler(vocabSize: 4))
            for position in 0..<50 {
                let key = RandomKey(seed: 1, position: position)
                let token = try plain.sample(
                    row, processors: LogitsProcessors(), parameters: parameters, key: key, history: [])
                #expect(
                    try telling.sample(
                        row, processors: LogitsProcessors(), parameters: parameters, key: key, history: []) == token)
                _ = telling.logprobs(of: token, likeliest: 3, row)
            }
        }
    }
}
