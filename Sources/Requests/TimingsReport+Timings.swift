import ReportSchemas

extension TimingsReport {
    /// - Parameter showsQueue: Whether it says how long the request waited for its turn.
    public init(_ timings: Timings, showsQueue: Bool = false) {
        self.init(
            prefillTokens: timings.prefillTokens, prefillSeconds: timings.prefillSeconds,
            decodeTokens: timings.decodeTokens, decodeSeconds: timings.decodeSeconds,
            ttftSeconds: timings.timeToFirstToken, queueSeconds: showsQueue ? timings.queueSeconds : nil)
    }
}
