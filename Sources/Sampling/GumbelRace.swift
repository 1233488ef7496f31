import Elementary
import Tokenization

/// Draws a token by the Gumbel-max trick: each candidate's logit over the temperature gets noise of its own, and the
/// highest sum wins, of equal ones the lower id. So a token wins with its probability among the candidates. (Gumbel,
/// "Statistical theory of extreme values and some practical applications", 1954; Maddison, Tarlow and Minka, "A* sampling",
/// NIPS 2014.)
///
/// Nothing is summed over the candidates, and a small change of the logits seldom changes the winner: a draft model and
/// its target often agree, and each part of a split vocabulary need tell only its own winner. Noise is bounded: whoever
/// starts too far behind is passed over by a compare.
struct GumbelRace {
    private(set) var winner: TokenID
    /// The winner's sum.
    private var best: Double
    private let noise: GumbelNoise
    private let highest: Double
    private let temperature: Double

    /// - Parameters:
    ///   - favorite: the token with the highest value, which is the first candidate.
    ///   - highest: its value, finite. All values start from there: at (value - highest) / temperature.
    ///   - temperature: above 0.
    init(_ key: RandomKey, favorite: TokenID, highest: Double, temperature: Double) {
        noise = GumbelNoise(key)
        self.highest = highest
        self.temperature = temperature
        winner = favorite
        best = GumbelNoise.value(ofBits: noise.bits(of: favorite))
    }

    /// Lets `ids`, in descending order of their values, take part.
    mutating func run(_ ids: [TokenID], of values: [Double]) {
        for id in ids {
            let value = values[Int(id)]
            // None of those that follow can win either.
            if start(value) + GumbelNoise.bound < best { return }
            enter(id, value, noise.bits(of: id), Bounds())
        }
    }

    /// Lets all tokens take part that `bounds` admit.
    mutating func run(_ bounds: Bounds, of values: [Double]) {
        let size = GumbelNoise.groupSize
        let whole = values.count / size * size
        values.withUnsafeBufferPointer { values in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: size) { bits in
                var bar = bar(bounds)
                for first in stride(from: 0, to: whole, by: size) {
                    let group = UnsafeBufferPointer(rebasing: values[first..<first + size])
                    var top = group[0]
                    for value in group { top = value > top ? value : top }
                    guard top >= bar else { continue }
                    noise.fill(bits.baseAddress!, from: first)
                    let lowest = GumbelNoise.lowestBits(reaching: best - start(top))
                    var count = 0
                    for index in 0..<size { count &+= bits[index] >= lowest ? 1 : 0 }
                    guard count > 0 else { continue }
                    for index in 0..<size where bits[index] >= lowest && group[index] >= bar {
                        enter(TokenID(first + index), group[index], bits[index], bounds)
                    }
                    bar = self.bar(bounds)
                }
                for id in whole..<values.count where values[id] >= bar {
                    enter(TokenID(id), values[id], noise.bits(of: TokenID(id)), bounds)
                }
            }
        }
    }

    private func start(_ value: Double) -> Double { (value - highest) / temperature }

    /// A value below which no token can win, lowered by more than rounding takes.
    private func bar(_ bounds: Bounds) -> Double {
        let way = temperature * max(best - GumbelNoise.bound, bounds.lowestStart)
        return highest + way - (highest.magnitude - way) * 0x1p-50
    }

    private mutating func enter(_ id: TokenID, _ value: Double, _ bits: UInt32, _ bounds: Bounds) {
        let start = start(value)
        let sum = start + GumbelNoise.value(ofBits: bits)
        guard sum > best || sum == best && id < winner, bounds.admit(id, value, start) else { return }
        winner = id
        best = sum
    }
}

extension GumbelRace {
    /// Who takes part in a race of all tokens.
    struct Bounds {
        /// The least weight, e to the power of where a token starts; 0 for any.
        var minP = 0.0
        /// The last candidate in descending order of values, of equals the lower id first; nil where there is no last.
        var last: (id: TokenID, value: Double)?

        /// Where whoever takes part starts at least, or somewhat below.
        var lowestStart: Double { minP > 0 ? Transcendental.log(minP) - 1e-6 : -.infinity }

        func admit(_ id: TokenID, _ value: Double, _ start: Double) -> Bool {
            if minP > 0, Transcendental.exp(start) < minP { return false }
            guard let last else { return true }
            return value > last.value || value == last.value && id <= last.id
        }
    }
}
