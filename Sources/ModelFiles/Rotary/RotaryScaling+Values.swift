import Elementary

extension Llama3Scaling {
    /// A pair's frequency (radians per position) after scaling.
    public func scaled(_ frequency: Double) -> Double {
        let rotations = Double(originalContextLength) * frequency / (2 * .pi)
        if rotations < lowFrequencyFactor { return frequency / factor }
        if rotations > highFrequencyFactor { return frequency }
        let share = (rotations - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
        return frequency * ((1 - share) / factor + share)
    }
}

extension LongRoPEScaling {
    /// What cosines and sines are multiplied by.
    public var magnitude: Double {
        if let attentionFactor { return attentionFactor }
        guard factor > 1 else { return 1 }
        return (1 + Transcendental.log(factor) / Transcendental.log(Double(originalContextLength))).squareRoot()
    }
}
