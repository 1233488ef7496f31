import Planning

/// How much of its weights a rank finds in the last-level cache when their turn comes again.
///
/// Weights of as many bytes as stages may have are read again and again, with other reads between. What the processor says
/// of its caches is not asked: a virtual machine is told of one that its neighbours fill too.
struct CacheProbe {
    private let cold: ColdMemory
    private let passes: Int

    /// Bytes of keys, values and activations that are used between two uses of the weights.
    private static let otherByteCount = 2 << 20
    /// Reads that are no faster than this from the cache say nothing of what it has.
    private static let leastGain = 1.1

    init(_ cold: ColdMemory, _ effort: ProbeEffort) {
        self.cold = cold
        passes = effort == .quick ? 3 : 7
    }

    /// The bytes of weights that are surely in the cache, and not in those that a core has for itself.
    static func leastByteCount(threadCount: Int) -> Int { max(4, 2 * threadCount) << 20 }

    /// The shares for up to `most` bytes; nil where reads from the cache are as slow as those from memory.
    func curve(most: Int) -> CacheCurve? {
        let fromMemory = 1 / cold.readBandwidth(passes: passes)
        var points: [CacheCurve.Point] = []
        var fromCache: Double?
        var byteCount = Self.leastByteCount(threadCount: cold.team.threadCount)
        while byteCount <= cold.memory.bytes.count - Self.otherByteCount {
            let seconds = secondsPerByte(byteCount)
            fromCache = fromCache ?? seconds
            guard fromCache! * Self.leastGain < fromMemory else { return nil }
            let share = (fromMemory - seconds) / (fromMemory - fromCache!)
            points.append(CacheCurve.Point(bytes: Double(byteCount), share: share))
            if byteCount >= most { break }
            byteCount *= 2
        }
        return points.isEmpty ? nil : CacheCurve(points)
    }

    /// The usual time of a byte, when so many are read over and over.
    private func secondsPerByte(_ byteCount: Int) -> Double {
        let end = cold.memory.bytes.count
        _ = cold.seconds(reading: 0..<byteCount)
        let seconds = (0..<passes).map { _ in
            _ = cold.seconds(reading: end - Self.otherByteCount..<end)
            return cold.seconds(reading: 0..<byteCount)
        }
        return seconds.sorted()[passes / 2] / Double(byteCount)
    }
}
