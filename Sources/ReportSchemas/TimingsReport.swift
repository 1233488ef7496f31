/// How long one generation took.
public struct TimingsReport: Codable, Sendable {
    public var prefillTokens: Int
    public var prefillSeconds: Double
    public var decodeTokens: Int
    public var decodeSeconds: Double
    public var ttftSeconds: Double
    /// How long it waited for its turn; where many requests run.
    public var queueSeconds: Double?

    public init(
        prefillTokens: Int, prefillSeconds: Double, decodeTokens: Int, decodeSeconds: Double, ttftSeconds: Double,
        queueSeconds: Double? = nil
    ) {
        self.prefillTokens = prefillTokens
        self.prefillSeconds = prefillSeconds
        self.decodeTokens = decodeTokens
        self.decodeSeconds = decodeSeconds
        self.ttftSeconds = ttftSeconds
        self.queueSeconds = queueSeconds
    }
}
