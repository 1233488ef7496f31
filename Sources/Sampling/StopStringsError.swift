/// A list of stop strings that cannot be used.
public struct StopStringsError: Error, Equatable, CustomStringConvertible {
    public let description: String
}
