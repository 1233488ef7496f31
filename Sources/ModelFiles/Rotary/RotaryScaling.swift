/// How a model's rotary embedding was stretched for contexts longer than it was first trained for.
public enum RotaryScaling: Sendable, Equatable, Codable {
    case none
    /// Positions are divided by `factor`.
    case linear(factor: Double)
    case llama3(Llama3Scaling)
    case yarn(YaRNScaling)
    case longRoPE(LongRoPEScaling)
}
