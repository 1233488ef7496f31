import Elementary
import TestSupport
import Testing

@testable import Sampling

/// The sampler against a plain one that sorts everything, over random logits with many ties and random parameters.
@Suite struct SamplerReferenceTests {
    @Test func agreesWithSorting() throws {
        var generator = Generator()
        var sampler = Sampler(vocabSize: 300)
        for round in 0..<3000 {
            let coarse: Float = round % 2 == 0 ? 4 : 1000
            let logits = (0..<300).map { _ in (Float(generator.unit()) * 12 * coarse).rounded() / coarse - 4 }
            let parameters = generator.parameters(vocabSize: 300)
            let history = (0..<20).map { _ in Int32(generator.unit() * 300) }
            let token = try sample(&sampler, logits, parameters, round, history)
            let expected = reference(logits, parameters, RandomKey(seed: 42, position: round), history)
            #expect(token == expected, "round \(round): \(parameters)")
        }
    }

    private func reference(
        _ logits: [Float], _ parameters: SamplingParameters, _ key: RandomKey, _ history: [Int32]
    ) -> Int32 {
        var values = logits.map { Double($0) }
        for (id, occurrences) in Dictionary(grouping: history.suffix(parameters.penaltyWindow ?? 1000), by: { $0 }) {
            let value = values[Int(id)]
            values[Int(id)] = value > 0 ? value / parameters.repeatPenalty : value * parameters.repeatPenalty
            values[Int(id)] -= Double(occurrences.count) * parameters.frequencyPenalty
            values[Int(id)] -= parameters.presencePenalty
        }
        for (id, bias) in parameters.logitBias { values[Int(id)] += bias }
        var ids = values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
        let highest = values[ids[0]]
        if parameters.temperature == 0 { return Int32(ids[0]) }
        let weights = values.map { Transcendental.exp(($0 - highest) / parameters.temperature) }
        let hasTopK = parameters.topK > 0 && parameters.topK < ids.count
        if hasTopK { ids = Array(ids.prefix(parameters.topK)) }
        let total = (hasTopK ? ids : Array(values.indices)).reduce(0) { $0 + weights[$1] }
        if parameters.topP < 1 {
            var sum = 0.0
            let end = ids.firstIndex { id in
                defer { sum += weights[id] }
                return sum >= parameters.topP * total && sum > 0
            }
            ids = Array(ids.prefix(end ?? ids.count))
        }
        ids = ids.filter { weights[$0] >= parameters.minP }
        let sums = ids.map { (values[$0] - highest) / parameters.temperature + noise(of: $0, key) }
        let best = sums.max()!
        return Int32(zip(ids, sums).filter { $0.1 == best }.map(\.0).min()!)
    }

    /// As ``GumbelNoise`` describes it.
    private func noise(of id: Int, _ key: RandomKey) -> Double {
        let counter = SIMD4(UInt32(key.position), 0, key.choice, UInt32(id / 16 * 4 + id % 4))
        let word = Philox.block(counter: counter, key: SIMD2(UInt32(key.seed), 0))[id / 4 % 4]
        return -Transcendental.log(-Transcendental.log((Double(word) + 0.5) / 0x1p32))
    }
}

private struct Generator {
    private var random = FixedRandom(1)

    mutating func unit() -> Double { Double.random(in: 0..<1, using: &random) }

    mutating func parameters(vocabSize: Int) -> SamplingParameters {
        var parameters = SamplingParameters()
        parameters.temperature = unit() < 0.1 ? 0 : unit() * 3
        if unit() < 0.5 { parameters.topK = Int(unit() * 330) }
        if unit() < 0.5 { parameters.topP = unit() }
        if unit() < 0.5 { parameters.minP = unit() * 0.3 }
        if unit() < 0.3 { parameters.repeatPenalty = 0.5 + unit() }
        if unit() < 0.3 { parameters.frequencyPenalty = unit() }
        if unit() < 0.3 { parameters.presencePenalty = unit() }
        if unit() < 0.3 { parameters.logitBias = [3: -.infinity, 100: unit() * 10] }
        parameters.penaltyWindow = unit() < 0.2 ? nil : Int(unit() * 30)
        return parameters
    }
}
