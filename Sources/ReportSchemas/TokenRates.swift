/// Tokens a second of both phases.
public struct TokenRates: Codable, Sendable, Equatable {
    public var prefillTokensPerSecond: Double
    public var decodeTokensPerSecond: Double

    public init(
        prefillTokensPerSecond: Double, decodeTokensPerSecond: Double
    ) {
        self.prefillTokensPerSecond = prefillTokensPerSecond
        self.decodeTokensPerSecond = decodeTokensPerSecond
    }
}
