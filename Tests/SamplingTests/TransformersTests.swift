import Foundation
import TestSupport
import Testing

@testable import Sampling

/// The tokens that are left, and how likely each is, beside the logits processors of `transformers` (written by
/// `scripts/compare-random sampling`).
@Suite struct TransformersTests {
    private struct Row: Decodable {
        struct Parameters: Decodable {
            let temperature: Double
            let topK: Int?
            let topP: Double?
            let minP: Double?
            let repeatPenalty: Double?
        }

        let logits: [Float]
        let history: [Int32]
        let parameters: Parameters
        let bias: [[Double]]
        let probabilities: [Double]
    }

    /// Any file of rows in place of the few that are in the tree: differences are listed.
    @Test func keepsAsTransformersDoes() throws {
        let other = ProcessInfo.processInfo.environment["STAGECOACH_SAMPLING_GOLDENS"]
        let path = other ?? TestFiles.fixture("sampling/transformers.json")
        let rows = try JSONDecoder().decode([Row].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(rows.count >= 30)
        var sampler = Sampler(vocabSize: rows[0].logits.count)
        for (number, row) in rows.enumerated() {
            let parameters = parameters(of: row)
            let found = probabilities(row, parameters, &sampler)
            // The reference keeps some parameters in float32.
            let error = zip(found, row.probabilities).map { abs($0 - $1) }.max() ?? 1
            #expect(error < 1e-5, "row \(number): \(parameters)")
            for position in 0..<4 {
                let token = try row.logits.withUnsafeBufferPointer {
                    try sampler.sample(
                        $0, processors: sampler.processors(for: parameters), parameters: parameters,
                        key: RandomKey(seed: 7, position: position), history: row.history)
                }
                #expect(row.probabilities[Int(token)] > 0, "row \(number) gives \(token): \(parameters)")
            }
        }
    }

    private func parameters(of row: Row) -> SamplingParameters {
        var parameters = SamplingParameters()
        parameters.temperature = row.parameters.temperature
        parameters.topK = row.parameters.topK ?? 0
        parameters.topP = row.parameters.topP ?? 1
        parameters.minP = row.parameters.minP ?? 0
        parameters.repeatPenalty = row.parameters.repeatPenalty ?? 1
        for pair in row.bias { parameters.logitBias[Int32(pair[0])] = pair[1] }
        return parameters
    }

    private func probabilities(_ row: Row, _ parameters: SamplingParameters, _ sampler: inout Sampler) -> [Double] {
        row.logits.withUnsafeBufferPointer { sampler.widen($0) }
        let processors = sampler.processors(for: parameters)
        sampler.values.withUnsafeMutableBufferPointer { processors.process($0, after: row.history) }
        let values = sampler.values
        let highest = values.max()!
        let weights = values.map { exp(($0 - highest) / parameters.temperature) }
        var kept = values.indices.filter { weights[$0] >= parameters.minP }
        if parameters.topP < 1 || parameters.topK > 0 && parameters.topK < values.count {
            sampler.candidates.select(from: values, highest: highest, parameters: parameters)
            kept = sampler.candidates.kept.map(Int.init)
        }
        let total = kept.reduce(0) { $0 + weights[$1] }
        var result = [Double](repeating: 0, count: values.count)
        for id in kept { result[id] = weights[id] / total }
        return result
    }
}
