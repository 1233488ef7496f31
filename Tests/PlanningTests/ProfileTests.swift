import Foundation
import Testing

@testable import Planning

@Suite struct ProfileTests {
    static let text = """
        {"hosts": [
           {"host": "*", "cores": 8, "memory_gib": 32, "read_gigabytes_per_second": 20, "gigaops_per_second": 800},
           {"host": "a"}, {"host": "b", "read_gigabytes_per_second": 10, "ranks": 2}],
         "links": [{"delay_microseconds": 50, "gigabits_per_second": 1},
                   {"from": "a", "to": "b", "gigabits_per_second": 10}]}
        """

    @Test func anEntryOverridesTheCommonOne() throws {
        let file = try ClusterFile(json: Self.text.utf8, path: "cluster.json")
        #expect(file.rankHosts == ["a", "b", "b"])
        let profile = try file.profile(of: file.rankHosts, assuming: nil)
        #expect(profile.hosts.map(\.name) == ["a", "b", "b"])
        #expect(profile.hosts.map(\.threads) == [8, 4, 4])
        #expect(profile.hosts.map(\.readBandwidth) == [20e9, 5e9, 5e9])
        #expect(profile.hosts.map(\.memoryBytes) == [32 << 30, 16 << 30, 16 << 30])
        let slow = LinkProfile(delay: 50e-6, bandwidth: 0.125e9)
        #expect(profile.edges == [LinkProfile(delay: 50e-6, bandwidth: 1.25e9), .sharedMemory, slow])
    }

    @Test func whatIsMissingIsNamed() throws {
        let file = try ClusterFile(json: #"{"hosts": [{"host": "a", "gigaops_per_second": 3}]}"#.utf8, path: "c")
        #expect(throws: ClusterFileError.unknown(host: "a", figure: "read_gigabytes_per_second")) {
            try file.profile(of: ["a"], assuming: nil)
        }
        let basis = HostProfile(name: "", threads: 2, readBandwidth: 1e9, integerRate: 1e9)
        #expect(try file.profile(of: ["a"], assuming: basis).hosts[0].integerRate == 3e9)
        #expect(try file.profile(of: ["x"], assuming: basis).hosts[0].integerRate == 1e9)
    }

    @Test func nothingIsMeasuredThatTheFileTells() throws {
        struct Unmeasurable: Error {}
        let file = try ClusterFile(json: Self.text.utf8, path: "c")
        let (profile, isAssumed) = try file.profile(of: ["a", "b"]) { throw Unmeasurable() }
        #expect(try !isAssumed && profile == file.profile(of: ["a", "b"], assuming: nil))
        let bare = try ClusterFile(json: #"{"hosts": [{"host": "a", "gigaops_per_second": 3}]}"#.utf8, path: "c")
        #expect(throws: Unmeasurable.self) { try bare.profile(of: ["a"]) { throw Unmeasurable() } }
        let basis = HostProfile(name: "", threads: 2, readBandwidth: 1e9, integerRate: 1e9)
        let assumed = try bare.profile(of: ["a"]) { basis }
        #expect(assumed.isAssumed && assumed.profile.hosts[0].integerRate == 3e9)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"hosts": []}"#, #"{"hosts": [{"cores": 1}]}"#, #"{"hosts": [{"host": "a", "cores": 0}]}"#,
        #"{"hosts": [{"host": "a", "memory_gib": -1}]}"#, #"{"hosts": [{"host": "a", "memory_gib": "many"}]}"#,
        #"{"hosts": [{"host": "a"}], "links": [{"gigabits_per_second": 0}]}"#,
        #"{"hosts": [{"host": "a", "memory_gib": 1e12}]}"#,
        #"{"hosts": [{"host": "a", "gigaops_per_second": 1e-300}]}"#,
        #"{"hosts": [{"host": "a", "measured": {"name": "a", "threads": 1, "read_bandwidth": 0, "integer_rate": 1, "float_rate": 1, "weight_curves": [], "attention_seconds": 0, "element_seconds": 0, "barrier_seconds": 0}}]}"#,
    ])
    func nonsenseIsRefused(_ text: String) {
        #expect(throws: ClusterFileError.self) { try ClusterFile(json: text.utf8, path: "c") }
    }

    /// Products of a type that was measured follow the width that is nearest, other types bandwidth and rate.
    @Test func measuredProductsCount() {
        var host = HostProfile(name: "a", threads: 1, readBandwidth: 1e9, integerRate: 1e9)
        host.weightCurves = [(2048, 3.0), (5632, 5.0)].map {
            WeightCurve(type: "Q4_0", columns: $0, curve: RowCurve([.init(rows: 1, seconds: $1)]))
        }
        let seconds = [576, 2048, 4096, 11008].map {
            host.secondsPerWeight(MatrixShape(type: .q4_0, rows: 16, columns: $0), rows: 1, cachedShare: 0)
        }
        #expect(seconds == [3, 3, 5, 5])
        let other = host.secondsPerWeight(MatrixShape(type: .f32, rows: 16, columns: 2048), rows: 2, cachedShare: 0)
        #expect(abs(other - (4e-9 + 16e-9)) < 1e-15)
    }

    @Test func linesRunBetweenPoints() {
        let curve = RowCurve([.init(rows: 8, seconds: 3), .init(rows: 1, seconds: 1), .init(rows: 4, seconds: 1.5)])
        #expect([0, 0.5, 1, 4, 6, 8, 12].map(curve.seconds) == [0, 1, 1, 1.5, 2.25, 3, 4.5])
        #expect(RowCurve([.init(rows: 1, seconds: 2)]).seconds(7) == 2)
        let square = RowCurve(upTo: 100) { $0 * $0 }
        for rows in [1.0, 2, 4, 6, 8, 12, 16, 64, 96, 100] { #expect(square.seconds(rows) == rows * rows) }
    }
}
