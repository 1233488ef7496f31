extension HostProfile {
    /// Whether a machine could have been measured so.
    var isPlausible: Bool {
        let rates = [readBandwidth, integerRate, floatRate]
        let seconds = [attentionSeconds, cachedSeconds ?? 0, elementSeconds, barrierSeconds]
        return (1...4096).contains(threads) && (0...(1 << 60)).contains(memoryBytes ?? 0) && cache?.isPlausible ?? true
            && rates.allSatisfy { (1...1e18).contains($0) } && seconds.allSatisfy { (0...1).contains($0) }
            && weightCurves.allSatisfy { $0.columns > 0 && $0.curve.isPlausible && $0.cached?.isPlausible ?? true }
    }
}

extension RowCurve {
    fileprivate var isPlausible: Bool {
        (1...1000).contains(points.count)
            && points.allSatisfy { (1...1e6).contains($0.rows) && (1e-18...1).contains($0.seconds) }
            && zip(points, points.dropFirst()).allSatisfy { $0.rows < $1.rows && $0.seconds <= $1.seconds }
    }
}
