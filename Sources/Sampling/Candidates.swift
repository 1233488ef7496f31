import Elementary
import Tokenization

/// The tokens that top-k or top-p leaves, and min-p among them.
struct Candidates: Sendable {
    /// Those that are left, by descending value, of equals the lower id first.
    private(set) var kept: [TokenID] = []
    /// The sum of their weights, in that order.
    private var keptWeight = 0.0
    /// By id: e^((value - highest) / temperature), where it was needed.
    private var weights: [Double]
    private var heap: TokenHeap
    /// How far below the highest value the bands of `keepNucleus` end, in units of temperature.
    private static let bandDepths = SIMD4(5.0, 10, 20, .infinity)

    init(vocabSize: Int) {
        weights = Array(repeating: 0, count: vocabSize)
        kept.reserveCapacity(vocabSize)
        heap = TokenHeap(vocabSize: vocabSize)
    }

    /// - Parameters:
    ///   - values: logits after penalties and bias: finite, or -infinity for banned tokens.
    ///   - highest: the highest of them, which is finite.
    /// - Precondition: top-k or top-p takes tokens out.
    mutating func select(from values: [Double], highest: Double, parameters: SamplingParameters) {
        kept.removeAll(keepingCapacity: true)
        keptWeight = 0
        if parameters.hasTopK(of: values.count) {
            heap.takeHighest(parameters.topK, of: values)
            keepHighest(of: values, highest, parameters)
        } else {
            weighAll(values, highest, parameters.temperature)
            keepNucleus(of: values, highest, enough: parameters.topP * sumOfWeights(), parameters)
        }
    }

    /// The `count` highest of `values` in descending order, of equals the lower id first.
    mutating func highest(_ count: Int, of values: [Double]) -> [TokenID] {
        heap.takeHighest(count, of: values)
        return heap.ids
    }

    /// Top-p and min-p among what top-k left in the heap, in descending order; probabilities are those among the k.
    private mutating func keepHighest(of values: [Double], _ highest: Double, _ parameters: SamplingParameters) {
        var total = 0.0
        for id in heap.ids {
            let weight = Transcendental.exp((values[Int(id)] - highest) / parameters.temperature)
            weights[Int(id)] = weight
            total += weight
        }
        let enough = parameters.topP < 1 ? parameters.topP * total : .infinity
        for id in heap.ids {
            if isEnough(before: id, enough, parameters.minP) { return }
            keep(id)
        }
    }

    /// Top-p and min-p over the whole vocabulary without sorting it: tokens are taken in bands of falling value, each
    /// through a heap, and the first band nearly always holds enough.
    private mutating func keepNucleus(
        of values: [Double], _ highest: Double, enough: Double, _ parameters: SamplingParameters
    ) {
        var ceiling = Double.infinity
        for band in Self.bandDepths.indices {
            let floor = highest - Self.bandDepths[band] * parameters.temperature
            heap.fill(from: values, in: floor..<ceiling)
            while let id = heap.popHighest(of: values) {
                if isEnough(before: id, enough, parameters.minP) { return }
                keep(id)
            }
            ceiling = floor
        }
    }

    /// Whether a token that comes next in descending order is no longer needed. The first has weight 1 and always is.
    private func isEnough(before id: TokenID, _ enough: Double, _ minP: Double) -> Bool {
        !kept.isEmpty && (keptWeight >= enough || weights[Int(id)] < minP)
    }

    private mutating func keep(_ id: TokenID) {
        kept.append(id)
        keptWeight += weights[Int(id)]
    }

    private mutating func weighAll(_ values: [Double], _ highest: Double, _ temperature: Double) {
        weights.withUnsafeMutableBufferPointer { weights in
            values.withUnsafeBufferPointer { values in
                for id in values.indices { weights[id] = (values[id] - highest) / temperature }
            }
            Transcendental.exp(inPlace: weights)
        }
    }

    /// In ascending order of ids.
    private func sumOfWeights() -> Double {
        var sum = 0.0
        for weight in weights { sum += weight }
        return sum
    }
}
