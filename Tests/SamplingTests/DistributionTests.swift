import Elementary
import Testing

@testable import Sampling

/// Whether tokens are drawn as often as their probabilities say: Pearson's chi-square over many positions, whose noise is
/// independent.
@Suite struct DistributionTests {
    @Test(
        "Draws follow the probabilities of what top-k, top-p and min-p leave",
        arguments: [
            (0, 1, 0, 1), (0, 1, 0, 2.5), (7, 1, 0, 1), (0, 0.8, 0, 1), (0, 1, 0.1, 1), (12, 0.9, 0.02, 0.7),
        ] as [(Int, Double, Double, Double)])
    func probabilities(topK: Int, topP: Double, minP: Double, temperature: Double) throws {
        var parameters = SamplingParameters()
        parameters.topK = topK
        parameters.topP = topP
        parameters.minP = minP
        parameters.temperature = temperature
        // Neighbours unlike each other, the likeliest in the middle, past a group of sixteen.
        let logits = (0..<40).map { Float(($0 * 17 + 7) % 40) * -0.2 }
        try check(logits, parameters, expected: Self.expected(logits, parameters))
    }

    /// Most tokens are far behind the likeliest one and still have half of the probability: what is passed over is not
    /// too much.
    @Test("A long flat tail gets its share")
    func tail() throws {
        var logits = [Float](repeating: -10, count: 30_000)
        logits[20_000] = 0.3094  // e^0.3094 = 30,000 e^-10
        var parameters = SamplingParameters()
        parameters.temperature = 1
        var sampler = Sampler(vocabSize: logits.count)
        var counts = [0.0, 0, 0]
        let draws = 4000
        for position in 0..<draws {
            let token = try sample(&sampler, logits, parameters, position, [])
            counts[token == 20_000 ? 0 : token < 15_000 ? 1 : 2] += 1
        }
        let shares = [0.5, 0.25, 0.25]
        let chiSquare = zip(counts, shares).reduce(0) { sum, pair in
            let mean = pair.1 * Double(draws)
            return sum + (pair.0 - mean) * (pair.0 - mean) / mean
        }
        #expect(chiSquare < 14, "\(counts)")
    }

    /// At one place the noise of neighbours, and of one token at neighbouring places, is independent: so are draws of
    /// pairs.
    @Test("One draw says nothing of the next")
    func independence() throws {
        let logits = [Float](repeating: 0, count: 6)
        var parameters = SamplingParameters()
        parameters.temperature = 1
        var sampler = Sampler(vocabSize: 6)
        var pairs = [Double](repeating: 0, count: 36)
        var last = 0
        let draws = 36_000
        for position in 0...draws {
            let token = Int(try sample(&sampler, logits, parameters, position, []))
            if position > 0 { pairs[last * 6 + token] += 1 }
            last = token
        }
        let mean = Double(draws) / 36
        #expect(pairs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / mean } < Self.bound(freedom: 35))
    }

    private func check(_ logits: [Float], _ parameters: SamplingParameters, expected: [Double]) throws {
        var sampler = Sampler(vocabSize: logits.count)
        let draws = 60_000
        var counts = [Double](repeating: 0, count: logits.count)
        for position in 0..<draws { counts[Int(try sample(&sampler, logits, parameters, position, []))] += 1 }
        var chiSquare = 0.0
        var cells = 0
        for (count, probability) in zip(counts, expected) {
            if probability == 0 { #expect(count == 0) }
            let mean = probability * Double(draws)
            guard mean >= 5 else { continue }
            chiSquare += (count - mean) * (count - mean) / mean
            cells += 1
        }
        #expect(chiSquare < Self.bound(freedom: cells - 1), "\(chiSquare) with \(cells) cells")
    }

    /// Probabilities by sorting.
    private static func expected(_ logits: [Float], _ parameters: SamplingParameters) -> [Double] {
        var ids = logits.indices.sorted { logits[$0] > logits[$1] }
        var weights = logits.map { Transcendental.exp(Double($0) / parameters.temperature) }
        if parameters.topK > 0 { ids = Array(ids.prefix(parameters.topK)) }
        let total = ids.reduce(0) { $0 + weights[$1] }
        var sum = 0.0
        ids = Array(
            ids.prefix { id in
                defer { sum += weights[id] }
                return sum < parameters.topP * total
            })
        ids = ids.filter { weights[$0] >= parameters.minP * weights[ids[0]] }
        for id in logits.indices where !ids.contains(id) { weights[id] = 0 }
        let left = weights.reduce(0, +)
        return weights.map { $0 / left }
    }

    /// Exceeded once in ten thousand times: Wilson and Hilferty's approximation, 1931.
    private static func bound(freedom: Int) -> Double {
        let n = Double(freedom)
        let root = 1 - 2 / (9 * n) + 3.719 * (2 / (9 * n)).squareRoot()
        return n * root * root * root
    }
}
