import Elementary
import Tokenization

/// Chooses tokens. What it returns depends on its arguments alone; it holds only scratch space, so one sampler serves
/// any number of sequences in turn and choosing a token allocates nothing.
///
/// Everything is done in double precision, sums run in one fixed order, and of equal logits the lower id comes first.
public struct Sampler: Sendable {
    private let vocabSize: Int
    /// Logits after penalties and bias, by id.
    var values: [Double]
    private var counts: TokenCounts
    var candidates: Candidates

    /// - Parameter vocabSize: the length of every row of logits that it will be given.
    public init(vocabSize: Int) {
        self.vocabSize = vocabSize
        values = Array(repeating: 0, count: vocabSize)
        counts = TokenCounts(vocabSize: vocabSize)
        candidates = Candidates(vocabSize: vocabSize)
    }

    /// The next token.
    /// - Parameters:
    ///   - logits: one row of `vocabSize` raw logits.
    ///   - parameters: validated ones.
    ///   - key: where the token is drawn; unused at temperature 0.
    ///   - history: the sequence so far, prompt first, for the penalties.
    public mutating func sample(
        _ logits: UnsafeBufferPointer<Float>, parameters: SamplingParameters, key: RandomKey, history: [TokenID]
    ) throws(SamplerError) -> TokenID {
        guard logits.count == vocabSize, vocabSize > 0 else {
            throw .wrongLength(expected: vocabSize, found: logits.count)
        }
        let best = try highest(logits)
        let isRaw = !parameters.hasPenalties && parameters.logitBias.isEmpty
        if parameters.temperature == 0, isRaw { return best }
        adjust(logits, parameters, history)
        let top = isRaw ? best : highestValue()
        if values[Int(top)] == -.infinity { throw .everyTokenBanned }
        return parameters.temperature == 0 ? top : draw(parameters, key, favorite: top)
    }

    /// The id of the highest logit, the lowest such id; every logit is looked at and must be finite.
    private func highest(_ logits: UnsafeBufferPointer<Float>) throws(SamplerError) -> TokenID {
        var best = 0
        for id in logits.indices {
            if !logits[id].isFinite { throw .nonFiniteLogit(token: TokenID(id), value: logits[id]) }
            if logits[id] > logits[best] { best = id }
        }
        return TokenID(best)
    }

    /// Fills `values`: penalties in the order repetition, frequency, presence; then bias.
    private mutating func adjust(
        _ logits: UnsafeBufferPointer<Float>, _ parameters: SamplingParameters, _ history: [TokenID]
    ) {
        for id in logits.indices { values[id] = Double(logits[id]) }
        if parameters.hasPenalties {
            counts.count(history.suffix(parameters.penaltyWindow ?? history.count))
            for id in counts.distinct {
                var value = values[Int(id)]
                value = value > 0 ? value / parameters.repeatPenalty : value * parameters.repeatPenalty
                value -= Double(counts[id]) * parameters.frequencyPenalty
                values[Int(id)] = value - parameters.presencePenalty
            }
            counts.clear()
        }
        for (id, bias) in parameters.logitBias where id >= 0 && Int(id) < vocabSize { values[Int(id)] += bias }
    }

    /// The id of the highest value, the lowest such id.
    private func highestValue() -> TokenID {
        var best = 0
        for id in values.indices where values[id] > values[best] { best = id }
        return TokenID(best)
    }

    /// Draws among those that top-k, top-p and min-p leave.
    private mutating func draw(_ parameters: SamplingParameters, _ key: RandomKey, favorite: TokenID) -> TokenID {
        let highest = values[Int(favorite)]
        var race = GumbelRace(key, favorite: favorite, highest: highest, temperature: parameters.temperature)
        guard parameters.hasTopK(of: vocabSize) || parameters.topP < 1 else {
            race.run(.init(minP: parameters.minP), of: values)
            return race.winner
        }
        candidates.select(from: values, highest: highest, parameters: parameters)
        let kept = candidates.kept
        if kept.count * Self.spread < vocabSize {
            race.run(kept, of: values)
        } else {
            let last = kept[kept.count - 1]
            race.run(.init(last: (last, values[Int(last)])), of: values)
        }
        return race.winner
    }

    /// One candidate in so many tokens is sooner found among them all, in the order of memory.
    private static let spread = 16
}

/// Why no token could be chosen.
public enum SamplerError: Error, Equatable, CustomStringConvertible {
    case nonFiniteLogit(token: TokenID, value: Float)
    case everyTokenBanned
    case wrongLength(expected: Int, found: Int)

    public var description: String {
        switch self {
        case .nonFiniteLogit(let token, let value):
            "the model gave the logit \(value) for token \(token): its weights are damaged or do not suit this architecture"
        case .everyTokenBanned: "logit biases ban every token: leave at least one"
        case .wrongLength(let expected, let found): "a row of \(found) logits for a vocabulary of \(expected)"
        }
    }
}
