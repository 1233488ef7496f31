import Testing

@testable import Planning

@Suite("What the last-level cache has")
struct CacheCurveTests {
    private static let curve = CacheCurve([
        .init(bytes: 64, share: 0.25), .init(bytes: 16, share: 1.02), .init(bytes: 32, share: 0.5),
        .init(bytes: 128, share: 0.3), .init(bytes: 256, share: -0.1),
    ])

    @Test("Shares lie between 0 and 1 and do not grow with the bytes, whatever noise said")
    func order() {
        #expect(Self.curve.points.map(\.share) == [1, 0.5, 0.25, 0.25, 0])
        #expect(Self.curve.isPlausible)
    }

    @Test("Straight lines between what was measured, as many bytes beyond it")
    func shares() {
        #expect([1, 16, 24, 48].map(Self.curve.share) == [1, 1, 0.75, 0.375])
        let held = CacheCurve([.init(bytes: 16, share: 1), .init(bytes: 32, share: 0.75)])
        #expect([64, 240].map(held.share) == [0.375, 0.1])
    }

    @Test("Ranks that use a cache in turn have a part of it each")
    func turns() {
        #expect(Self.curve.divided(among: 2).share(ofBytes: 24) == Self.curve.share(ofBytes: 48))
    }

    /// A processor says 260 MiB, and its neighbours leave a little of that: the head is not free, rank 0 gets fewer layers.
    @Test("A cache that neighbours fill does not make the head free")
    func neighbours() throws {
        var host = HostProfile(name: "a", threads: 1, readBandwidth: 10e9, integerRate: 500e9)
        host.cache = CacheCurve([.init(bytes: 4e6, share: 1), .init(bytes: 32e6, share: 0.1)])
        let curves = [1e-10, 1e-11].map {
            RowCurve([.init(rows: 1, seconds: $0), .init(rows: 128, seconds: 1e-9)])
        }
        host.weightCurves = ["Q4_1", "Q8_0"].map {
            WeightCurve(type: $0, columns: 576, curve: curves[0], cached: curves[1])
        }
        let shape = ModelShape(
            name: "SmolLM2", layerCount: 30, hiddenSize: 576, intermediateSize: 1536, headCount: 9, kvHeadCount: 3,
            vocabSize: 49152, type: .q4_1, headType: .q8_0)
        let request = PlanRequest(
            shape, on: ClusterProfile(hosts: [host, host], edges: [.sharedMemory, .sharedMemory]), context: 1024,
            promptTokens: 32, generateTokens: 256, sequences: [8])
        let counts = try #require(request.findPartition()).layerCounts
        #expect(counts[0] + 4 <= counts[1], "\(counts)")
    }
}
