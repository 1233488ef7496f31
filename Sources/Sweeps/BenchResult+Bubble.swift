import ReportSchemas

extension BenchResult {
    /// The share of the stages' time in which they computed nothing: waiting for work, or handing it on.
    var decodeBubble: Double? { Self.bubble(stages.map(\.decode)) }
    var prefillBubble: Double? { Self.bubble(stages.map(\.prefill)) }

    private static func bubble(_ stages: [BenchStage.Phase]) -> Double? {
        let busy = stages.reduce(0) { $0 + $1.computeSeconds }
        let elapsed = stages.map { $0.computeSeconds + $0.waitSeconds + $0.sendSeconds }.max() ?? 0
        guard elapsed > 0 else { return nil }
        return min(1, max(0, 1 - busy / (elapsed * Double(stages.count))))
    }
}
