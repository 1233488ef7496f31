import Elementary
import ModelFiles

/// What the kinds of scaling do to frequencies (radians per position).
extension RotaryScaling {
    /// What cosines and sines are multiplied by.
    var magnitude: Double {
        switch self {
        case .none, .linear, .llama3: 1
        case .yarn(let scaling): scaling.magnitude
        case .longRoPE(let scaling): scaling.magnitude
        }
    }
}

extension YaRNScaling {
    var magnitude: Double {
        if let attentionFactor { return attentionFactor }
        guard let scales else { return growth(1) }
        return growth(scales.numerator) / growth(scales.denominator)
    }

    private func growth(_ scale: Double) -> Double {
        factor <= 1 ? 1 : 0.1 * scale * Transcendental.log(factor) + 1
    }

    func scaled(_ frequencies: [Double], theta: Double) -> [Double] {
        var low = pair(rotating: betaFast, of: frequencies.count, theta)
        var high = pair(rotating: betaSlow, of: frequencies.count, theta)
        if truncates { (low, high) = (low.rounded(.down), high.rounded(.up)) }
        low = max(low, 0)
        high = min(high, Double(2 * frequencies.count - 1))
        if low == high { high += 0.001 }
        return frequencies.enumerated().map { pair, frequency in
            let share = min(max((Double(pair) - low) / (high - low), 0), 1)
            return frequency / factor * share + frequency * (1 - share)
        }
    }

    /// The pair, as a number between pairs, that rotates so often in the original context.
    private func pair(rotating count: Double, of pairs: Int, _ theta: Double) -> Double {
        let ratio = Transcendental.log(Double(originalContextLength) / (count * 2 * .pi))
        return Double(pairs) * ratio / Transcendental.log(theta)
    }
}

extension LongRoPEScaling {
    /// The list for a run of so many positions at most.
    func factors(for contextLength: Int) -> [Float] {
        contextLength > originalContextLength ? longFactors : shortFactors
    }
}
