import Foundation
import Testing

@testable import Planning

@Suite struct KeptProfileTests {
    private static let now = 1_700_000_000
    private static let work = ProbedWork(ModelShape(known: "llama-2-7b", type: .q4_0)!, kvType: .f16)

    private static func site(_ host: String, machine: String? = nil, threads: Int = 2) -> RankSite {
        RankSite(
            host: host, machine: machine ?? host, processor: "cpu", threads: threads, instructionSet: "avx2",
            build: "1", network: "eth0 \(host)")
    }

    private static func host(_ name: String, threads: Int = 2) -> HostProfile {
        var host = HostProfile(
            name: name, threads: threads, memoryBytes: 1 << 30, readBandwidth: 20e9, integerRate: 200e9)
        host.weightCurves = [WeightCurve(type: "Q4_0", columns: 4096, curve: RowCurve([.init(rows: 1, seconds: 1e-9)]))]
        return host
    }

    private static func profile(_ sites: [RankSite]) -> ClusterProfile {
        ClusterProfile(
            hosts: sites.map { host($0.host, threads: $0.threads) },
            edges: sites.indices.map { LinkProfile(delay: 20e-6 * Double($0 + 1), bandwidth: 0.25e9) },
            crowdedHosts: sites.map { host($0.host, threads: $0.threads) })
    }

    /// A file in which everything of these ranks is kept.
    private static func kept(_ sites: [RankSite]) -> ClusterFile {
        var file = ClusterFile(hosts: [])
        file.keep(
            profile(sites), beyond: .nothing(rankCount: sites.count), sites, work, effort: "quick", now: now)
        return file
    }

    private static func known(_ file: ClusterFile, _ sites: [RankSite], after seconds: Int = 60) -> KnownProfile {
        file.known(sites, work, effort: "quick", now: now + seconds)
    }

    @Test func whatWasMeasuredIsKnown() throws {
        let sites = [Self.site("a"), Self.site("b"), Self.site("b")]
        let file = try ClusterFile(json: Self.kept(sites).json, path: "kept.json")
        let known = Self.known(file, sites)
        #expect(known.isComplete && known.knownHostCount == 3 && known.age(at: Self.now + 60) == "1 minute ago")
        let profile = Self.profile(sites)
        #expect(known.hosts.map { $0!.profile } == profile.hosts && known.hosts.map { $0!.crowded! } == profile.hosts)
        for (found, measured) in zip(known.edges, profile.edges) {
            #expect(abs(found!.delay - measured.delay) < 1e-12 && abs(found!.bandwidth - measured.bandwidth) < 1)
        }
        // As a cluster file it says the same.
        #expect(try file.profile(of: ["a", "b", "b"], assuming: nil).hosts == profile.hosts)
    }

    @Test func onlyWhatWasNeverSeenIsUnknown() {
        let sites = [Self.site("a"), Self.site("b"), Self.site("new")]
        let known = Self.known(Self.kept([Self.site("a"), Self.site("b")]), sites)
        #expect(known.hosts.map { $0 != nil } == [true, true, false])
        // From a to b; b leads to another host now.
        #expect(known.edges.map { $0 != nil } == [true, false, false])
        #expect(!known.isComplete)
    }

    @Test func otherConditionsAreOtherFigures() {
        let sites = [Self.site("a"), Self.site("b")]
        let file = Self.kept(sites)
        let changes: [(inout RankSite) -> Void] = [
            { $0.processor = "another" }, { $0.threads = 3 }, { $0.instructionSet = "portable" }, { $0.build = "2" },
        ]
        for change in changes {
            var changed = sites
            change(&changed[0])
            #expect(Self.known(file, changed).hosts.map { $0 != nil } == [false, true])
        }
        var moved = sites
        moved[1].network = "wlan0 b"
        #expect(Self.known(file, moved).knownHostCount == 2 && Self.known(file, moved).edges == [nil, nil])
        let otherTypes = ProbedWork(ModelShape(known: "llama-2-7b", type: .q8_0)!, kvType: .f16)
        #expect(file.known(sites, otherTypes, effort: "quick", now: Self.now).knownHostCount == 0)
        #expect(file.known(sites, Self.work, effort: "thorough", now: Self.now).knownHostCount == 0)
    }

    /// Ranks of one machine share its memory, whatever hosts they pass for.
    @Test func aMachineWithMoreRanksIsAnother() {
        let file = Self.kept([Self.site("a"), Self.site("b")])
        #expect(
            Self.known(file, [Self.site("a"), Self.site("a"), Self.site("b")]).hosts.map { $0 != nil } == [
                false, false, true,
            ])
        let namespaces = [Self.site("a", machine: "m"), Self.site("b", machine: "m")]
        #expect(Self.known(file, namespaces) == .nothing(rankCount: 2))
        #expect(Self.known(Self.kept(namespaces), namespaces).isComplete)
    }

    @Test func figuresAgeAndAreReplaced() {
        let sites = [Self.site("a"), Self.site("b")]
        var file = Self.kept(sites)
        #expect(Self.known(file, sites, after: ClusterFile.keptSeconds).isComplete)
        #expect(Self.known(file, sites, after: ClusterFile.keptSeconds + 1) == .nothing(rankCount: 2))
        #expect(Self.known(file, sites, after: -10) == .nothing(rankCount: 2))
        var faster = Self.profile(sites)
        faster.hosts[0].readBandwidth *= 2
        file.keep(faster, beyond: .nothing(rankCount: 2), sites, Self.work, effort: "quick", now: Self.now + 5)
        #expect(file.hosts.count == 2 && file.links?.count == 2)
        #expect(Self.known(file, sites).hosts[0]?.profile.readBandwidth == 40e9)
        #expect(Self.known(file, sites, after: 7265).age(at: Self.now + 7265) == "2 hours ago")
    }

    @Test func aFileIsTakenAtItsWord() throws {
        let text = """
            {"hosts": [{"host": "a", "cores": 4, "read_gigabytes_per_second": 20, "gigaops_per_second": 800}],
             "links": [{"from": "a", "to": "b", "gigabits_per_second": 10}]}
            """
        let file = try ClusterFile(json: text.utf8, path: "c")
        let known = try file.known([Self.site("a"), Self.site("a"), Self.site("b")])
        #expect(known.hosts.map { $0 != nil } == [true, true, false] && known.hosts[0]!.profile.readBandwidth == 10e9)
        #expect(known.edges.map { $0 != nil } == [false, true, false] && known.oldest == nil)
        let bare = try ClusterFile(json: #"{"hosts": [{"host": "a", "cores": 4}]}"#.utf8, path: "c")
        #expect(throws: ClusterFileError.self) { try bare.known([Self.site("a")]) }
    }

    @Test func memoryIsWhatItIsNow() {
        let host = KnownProfile.Host(profile: Self.host("a"), crowded: Self.host("a")).having(memoryBytes: 5)
        #expect(host.profile.memoryBytes == 5 && host.crowded?.memoryBytes == 5)
    }
}
