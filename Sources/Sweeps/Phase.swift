import ReportSchemas

/// One of the two phases of generation.
enum Phase: String, CaseIterable {
    case prefill = "Prefill"
    case decode = "Decode"

    func rate(_ result: BenchResult) -> Double {
        self == .prefill ? result.prefillTokensPerSecond : result.decodeTokensPerSecond
    }

    /// The least and the largest of the repetitions.
    func spread(_ result: BenchResult) -> ClosedRange<Double>? {
        let ends = self == .prefill ? result.prefillSpread : result.decodeSpread
        guard let low = ends.min(), let high = ends.max() else { return nil }
        return low...high
    }
}
