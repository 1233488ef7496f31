/// A sampling parameter that has no meaning.
public struct SamplingParametersError: Error, Equatable, CustomStringConvertible {
    public let description: String
}
