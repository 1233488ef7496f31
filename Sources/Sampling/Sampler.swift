import Elementary
import Tokenization

/// Chooses tokens. What it returns depends on its arguments alone; it holds only scratch space, so one sampler serves
/// any number of sequences in turn and choosing a token allocates nothing.
///
/// Everything is done in double precision, sums run in one fixed order, and of equal logits the lower id comes first.
public struct Sampler {
    private let vocabSize: Int
    /// Logits after the processors, by id.
    var values: [Double]
    private let counts: TokenCounts
    var candidates: Candidates

    /// - Parameter vocabSize: the length of every row of logits that it will be given.
    public init(vocabSize: Int) {
        self.vocabSize = vocabSize
        values = Array(repeating: 0, count: vocabSize)
        counts = TokenCounts(vocabSize: vocabSize)
        candidates = Candidates(vocabSize: vocabSize)
    }

    /// What `parameters` ask to be done to the logits of a sequence, in the order of ``SamplingParameters``.
    ///
    /// - Parameter promptCount: how many tokens at the beginning of the sequence were not sampled.
    public func processors(for parameters: SamplingParameters, promptCount: Int = 0) -> LogitsProcessors {
        var processors = LogitsProcessors()
        if let penalties = Penalties(parameters, promptCount: promptCount, counts: counts) {
            processors.append(penalties)
        }
        if let bias = LogitBias(parameters) { processors.append(bias) }
        return processors
    }

    /// The next token.
    /// - Parameters:
    ///   - logits: one row of `vocabSize` raw logits.
    ///   - processors: change them first. Without any, greedy decoding reads the logits where they are.
    ///   - parameters: validated ones, for temperature, top-k, top-p and min-p.
    ///   - key: where the token is drawn; unused at temperature 0.
    ///   - history: the sequence so far, prompt first, for the processors.
    public mutating func sample(
        _ logits: UnsafeBufferPointer<Float>, processors: LogitsProcessors, parameters: SamplingParameters,
        key: RandomKey, history: [TokenID]
    ) throws(SamplerError) -> TokenID {
        guard logits.count == vocabSize, vocabSize > 0 else {
            throw .wrongLength(expected: vocabSize, found: logits.count)
        }
        var top = try highest(logits)
        if parameters.temperature == 0, processors.isEmpty { return top }
        widen(logits)
        if !processors.isEmpty {
            values.withUnsafeMutableBufferPointer { processors.process($0, after: history) }
            top = highestValue()
            if values[Int(top)] == -.infinity { throw .everyTokenBanned }
        }
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

    /// Puts the logits into `values`.
    mutating func widen(_ logits: UnsafeBufferPointer<Float>) {
        values.withUnsafeMutableBufferPointer { values in
            for id in logits.indices { values[id] = Double(logits[id]) }
        }
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
