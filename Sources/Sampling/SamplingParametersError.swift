/// A sampling parameter that has no meaning.
public struct SamplingParametersError: Error, Equatable, CustomStringConvertible {
    public let description: String
    /// Its name in requests: `top_k`.
    public let parameter: String
}
