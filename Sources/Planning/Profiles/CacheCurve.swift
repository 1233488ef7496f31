/// The part of a stage's weights that the last-level cache still has when their turn comes again, by their bytes.
///
/// A cache that just kept what was used last would have none of them after more than it can hold; today's adapt to such
/// loops and keep as much as there is room for (Qureshi et al. 2007, Adaptive Insertion Policies). Neighbours of a virtual
/// machine take their part, so what counts is what was measured.
public struct CacheCurve: Sendable, Equatable, Codable {
    public struct Point: Sendable, Equatable, Codable {
        public var bytes: Double
        /// From 0 to 1.
        public var share: Double

        public init(bytes: Double, share: Double) {
            self.bytes = bytes
            self.share = share
        }
    }

    /// By ascending bytes and descending shares; at least one.
    public private(set) var points: [Point]

    /// - Precondition: At least one point, of different bytes.
    public init(_ points: [Point]) {
        precondition(!points.isEmpty)
        self.points = points.sorted { $0.bytes < $1.bytes }
        var most = 1.0
        for index in self.points.indices {
            most = min(most, max(0, self.points[index].share))
            self.points[index].share = most
        }
    }

    /// Straight lines between the points; beyond the last one as many bytes stay as of its.
    public func share(ofBytes bytes: Double) -> Double {
        guard let upper = points.firstIndex(where: { $0.bytes >= bytes }) else {
            return points.last!.share * points.last!.bytes / bytes
        }
        guard upper > 0 else { return points[0].share }
        let (a, b) = (points[upper - 1], points[upper])
        return a.share + (b.share - a.share) * (bytes - a.bytes) / (b.bytes - a.bytes)
    }

    /// What each of some ranks has that use the cache in turn.
    func divided(among count: Int) -> CacheCurve {
        CacheCurve(points.map { Point(bytes: $0.bytes / Double(count), share: $0.share) })
    }

    func bettered(by other: CacheCurve) -> CacheCurve {
        CacheCurve(points.map { Point(bytes: $0.bytes, share: max($0.share, other.share(ofBytes: $0.bytes))) })
    }

    var isPlausible: Bool {
        (1...1000).contains(points.count)
            && points.allSatisfy { (1...1e18).contains($0.bytes) && (0...1).contains($0.share) }
            && zip(points, points.dropFirst()).allSatisfy { $0.bytes < $1.bytes && $0.share >= $1.share }
    }
}
