/// What one rank's host can do, as far as it decides how fast a stage is. Rates are those of all the rank's threads.
public struct HostProfile: Sendable, Equatable, Codable {
    public var name: String
    /// Threads that compute.
    public var threads: Int
    /// Cores whose time quotas leave to the rank, where that is less than it may use; told to people, and part of the rates.
    public var cpuQuota: Double?
    /// Bytes that the rank may fill with weights, keys and values; nil: unknown, and taken for enough.
    public var memoryBytes: Int?
    /// What the last-level cache has of the rank's weights; nil: not known, and taken for nothing.
    public var cache: CacheCurve?
    /// Bytes a second of a plain read.
    public var readBandwidth: Double
    /// Operations a second, two for a product and its addition, that a matrix of integer weights attains with many rows.
    public var integerRate: Double
    /// The same for weights that are floats.
    public var floatRate: Double
    /// Products as they were measured. Other types of weights follow from bandwidth and rate.
    public var weightCurves: [WeightCurve] = []
    /// Seconds for each product of attention: a query's element with a key's and a value's.
    public var attentionSeconds: Double
    /// Seconds for each element of a key and its value that attention reads; nil: as its bytes take at the read bandwidth.
    public var cachedSeconds: Double?
    /// Seconds for each element of norms, activation functions and quantization; 0 where rates include them.
    public var elementSeconds: Double = 0
    /// Seconds until the rank's threads have met.
    public var barrierSeconds: Double = 0

    /// - Parameter floatRate: nil: a fourth of the integers', as vector units have it.
    public init(
        name: String, threads: Int, memoryBytes: Int? = nil, readBandwidth: Double, integerRate: Double,
        floatRate: Double? = nil
    ) {
        self.name = name
        self.threads = threads
        self.memoryBytes = memoryBytes
        self.readBandwidth = readBandwidth
        self.integerRate = integerRate
        self.floatRate = floatRate ?? integerRate / 4
        // Two products and two additions, at half of what a matrix attains.
        attentionSeconds = 8 / self.floatRate
    }

    /// The part of a stage's weights that the last-level cache still has when their turn comes again.
    func cachedShare(ofBytes bytes: Double) -> Double { cache?.share(ofBytes: max(bytes, 1)) ?? 0 }

    /// Seconds for each of many weights of a type, multiplied with `rows` rows at once, of which the last-level cache has
    /// `cachedShare`.
    func secondsPerWeight(_ matrix: MatrixShape, rows: Double, cachedShare: Double) -> Double {
        if let measured = weightCurve(matrix) {
            let seconds = measured.curve.seconds(rows)
            let cached = measured.cached?.seconds(rows) ?? seconds
            return seconds + (min(cached, seconds) - seconds) * cachedShare
        }
        // One after the other: the kernels of one row do not hide all arithmetic behind reading.
        let rate = matrix.type.isQuantized ? integerRate : floatRate
        return matrix.type.bytesPerElement / readBandwidth + 2 * rows / rate
    }

    /// What was measured of the type, with the width that is nearest.
    private func weightCurve(_ matrix: MatrixShape) -> WeightCurve? {
        weightCurves.lazy.filter { $0.type == matrix.type.name }.min {
            abs($0.columns - matrix.columns) < abs($1.columns - matrix.columns)
        }
    }
}
