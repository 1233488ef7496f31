import Testing

@testable import Planning

@Suite struct PlannerTests {
    private static func host(_ name: String, speed: Double = 1, gib: Double? = nil) -> HostProfile {
        HostProfile(
            name: name, threads: 1, memoryBytes: gib.map { Int($0 * 0x1p30) }, readBandwidth: 20e9 * speed,
            integerRate: 200e9 * speed)
    }

    private static func request(
        _ hosts: [HostProfile], model: String = "llama-2-7b", link: LinkProfile = .sharedMemory, sequences: [Int] = [1]
    ) -> PlanRequest {
        PlanRequest(
            ModelShape(known: model, type: .q4_0)!,
            on: ClusterProfile(hosts: hosts, edges: Array(repeating: link, count: hosts.count)), context: 1024,
            promptTokens: 512, generateTokens: 64, sequences: sequences)
    }

    @Test func equalHostsShareEvenly() throws {
        let counts = try #require(Self.request([Self.host("a"), Self.host("b")]).findPartition()).layerCounts
        #expect(counts == [16, 16])
        let four = try #require(Self.request((0..<4).map { Self.host("\($0)") }, sequences: [64]).findPartition())
        #expect(four.layerCounts.reduce(0, +) == 32 && four.layerCounts.max()! - four.layerCounts.min()! <= 1)
    }

    /// The same partition while hosts seem to differ by less than noise.
    @Test func noiseMovesNoLayer() throws {
        let still = try #require(Self.request((0..<3).map { Self.host("\($0)") }, sequences: [8]).findPartition())
        for speeds in [[1.0, 1.1, 0.95], [0.9, 1.02, 1], [1.12, 1, 1.05]] {
            let noisy = speeds.enumerated().map { Self.host("\($0)", speed: $1) }
            #expect(try #require(Self.request(noisy, sequences: [8]).findPartition()) == still)
        }
    }

    /// Ranks of one host are equal, whatever was measured: the slower figures are noise.
    @Test func ranksOfAHostArePooled() throws {
        var cluster = ClusterProfile(
            hosts: [Self.host("a", gib: 1), Self.host("a", speed: 0.5, gib: 2), Self.host("b", speed: 0.5)],
            edges: Array(repeating: .sharedMemory, count: 3))
        func measured(_ one: Double, _ eight: Double) -> [WeightCurve] {
            let curve = RowCurve([.init(rows: 1, seconds: one), .init(rows: 8, seconds: eight)])
            return [WeightCurve(type: "Q4_0", columns: 2048, curve: curve)]
        }
        cluster.hosts[0].weightCurves = measured(2, 3)
        cluster.hosts[1].weightCurves = measured(1, 4)
        cluster.poolRanksOfHosts()
        #expect(cluster.hosts.map(\.readBandwidth) == [20e9, 20e9, 10e9])
        #expect(cluster.hosts.map(\.memoryBytes) == [1 << 30, 2 << 30, nil])
        #expect(cluster.hosts[0].weightCurves == measured(1, 3) && cluster.hosts[1].weightCurves == measured(1, 3))
    }

    private static func cache(mebibytes: Int) -> CacheCurve {
        CacheCurve([.init(bytes: Double(mebibytes << 20), share: 1)])
    }

    /// Two ranks of a host have half of its last-level cache each, and weights that it holds come as fast as it gives them.
    @Test func lastLevelCachesAreShared() throws {
        var cluster = ClusterProfile(
            hosts: [Self.host("a"), Self.host("a"), Self.host("b")], edges: Array(repeating: .sharedMemory, count: 3))
        for rank in cluster.hosts.indices { cluster.hosts[rank].cache = Self.cache(mebibytes: 32) }
        cluster.shareCaches()
        #expect(
            cluster.hosts.allSatisfy { $0.cache == Self.cache(mebibytes: 32) }, "they shared it when it was measured")
        cluster.crowdedHosts = cluster.hosts
        cluster.shareCaches()
        #expect(cluster.hosts.map(\.cache) == [16, 16, 32].map(Self.cache))

        var host = cluster.hosts[0]
        let curves = [4e-11, 1e-11].map { RowCurve([.init(rows: 1, seconds: $0)]) }
        host.weightCurves = [WeightCurve(type: "Q4_0", columns: 2048, curve: curves[0], cached: curves[1])]
        let matrix = MatrixShape(type: .q4_0, rows: 2048, columns: 2048)
        func seconds(ofBytes bytes: Double) -> Double {
            host.secondsPerWeight(matrix, rows: 1, cachedShare: host.cachedShare(ofBytes: bytes))
        }
        #expect(abs(seconds(ofBytes: 8e6) / 1e-11 - 1) < 1e-9)
        #expect(abs(seconds(ofBytes: Double(64 << 20)) / 3.25e-11 - 1) < 1e-9)
    }

    /// A cache that holds a layer, but not a stage, makes no layer cheaper than the head: stages stay equally busy.
    @Test func cachesHoldPartsOfStages() throws {
        var hosts = [Self.host("a"), Self.host("b")]
        let fromMemory = RowCurve([.init(rows: 1, seconds: 4e-11)])
        let cached = RowCurve([.init(rows: 1, seconds: 1e-11)])
        for rank in hosts.indices {
            hosts[rank].cache = Self.cache(mebibytes: 32)
            hosts[rank].weightCurves = ["Q4_0", "Q6_K"].map {
                WeightCurve(type: $0, columns: 2048, curve: fromMemory, cached: cached)
            }
        }
        let request = Self.request(hosts, model: "tinyllama-1.1b")
        let workload = Workload(promptTokens: 1, generateTokens: 64, sequences: 8, chunk: nil)
        let estimate = PipelineEstimate(workload, on: request.cluster, costs: request.costs, microbatches: 2)
        let search = PartitionSearch(estimate, on: request.cluster, demand: request.demand)
        let best = try #require(search.best())
        let token = MicrobatchShape.decode(sequences: 4, depth: 32)
        let times = request.costs.stages(best, on: hosts).map { $0.totalSeconds(token) }
        #expect(abs(times[0] - times[1]) <= times[1] / Double(best.layerCounts[1]))
    }

    @Test func aSlowHostGetsFewerLayers() throws {
        let request = Self.request([Self.host("a"), Self.host("b", speed: 0.25)], sequences: [16])
        let plan = try Plan(request)
        #expect(plan.partition.layerCounts[0] > 3 * plan.partition.layerCounts[1])
        var equal = request
        equal.partition = Partition(unchecked: [16, 16])
        let slow = try Plan(equal)
        #expect(plan.predictions[0].prefillTokensPerSecond > 1.4 * slow.predictions[0].prefillTokensPerSecond)
        #expect(slow.bottleneck.contains("rank 1 on b"))
    }

    /// No other split of a small model has a better estimate: checked against all of them.
    @Test(arguments: [1, 4, 32], [[1, 1, 1], [1, 0.3, 2], [3, 1, 0.5]])
    func noSplitIsBetter(sequences: Int, speeds: [Double]) throws {
        let hosts = speeds.enumerated().map { Self.host("\($0)", speed: $1) }
        let request = Self.request(hosts, model: "tinyllama-1.1b", sequences: [sequences])
        let found = try #require(request.findPartition())
        let estimate = PipelineEstimate(
            request.workload(sequences), on: request.cluster, costs: request.costs, microbatches: nil,
            around: found)
        let all = (1...20).flatMap { a in (1...(21 - a)).map { [a, $0, 22 - a - $0] } }
        let best = all.map(estimate.seconds).min()!
        #expect(estimate.seconds(found.layerCounts) <= best * 1.005)
    }

    /// Where requests come all the time, no stage has much more to do than another: rank 0, which has the head too, gets
    /// fewer layers than for prompts that all come first.
    @Test func stagesOfAServiceAreEquallyBusy() throws {
        let request = Self.request([Self.host("a"), Self.host("b")], model: "llama-3.1-8b")
        func search(continuous: Bool) throws -> (counts: [Int], estimate: PipelineEstimate) {
            let workload = Workload(
                promptTokens: 320, generateTokens: 256, sequences: 32, chunk: 128, isContinuous: continuous)
            let estimate = PipelineEstimate(
                workload, on: request.cluster, costs: request.costs, microbatches: nil)
            let best = PartitionSearch(estimate, on: request.cluster, demand: request.demand).best()
            return (try #require(best).layerCounts, estimate)
        }
        let (service, estimate) = try search(continuous: true)
        let loads = service.indices.map { estimate.load($0, service[$0]) }
        let oneLayer = estimate.load(1, 1)
        #expect(abs(loads[0] - loads[1]) <= oneLayer)
        #expect(service[0] <= (try search(continuous: false)).counts[0])
    }

    @Test func memoryBoundsAStage() throws {
        let plan = try Plan(Self.request([Self.host("a", gib: 1), Self.host("b", gib: 8)]))
        #expect(plan.partition.layerCounts[0] < 9)
        for stage in plan.stages { #expect(stage.totalBytes < stage.memoryBytes!) }
    }

    @Test func refusalSaysWhatWouldFit() throws {
        let request = Self.request([Self.host("a", gib: 2), Self.host("b", gib: 2)], sequences: [1, 8])
        let refusal = try #require(throws: PlanRefusal.self) { try Plan(request) }
        #expect(refusal.problem.contains("does not fit") && refusal.problem.contains("4.0 GiB"))
        #expect(refusal.advice.last!.hasSuffix("of 2.0 GiB"))
        // Each advice holds, and one step more does not.
        let more = Int(refusal.advice.last!.prefix { $0.isNumber })!
        for (count, fits) in [(more, true), (more - 1, false)] {
            let hosts = (0..<2 + count).map { Self.host("\($0)", gib: 2) }
            #expect((Self.request(hosts, sequences: [8]).findPartition() != nil) == fits)
        }
    }

    @Test func fewerSequencesAndSmallerCachesAreAdvised() throws {
        let request = Self.request([Self.host("a", gib: 8)], sequences: [12])
        let refusal = try #require(throws: PlanRefusal.self) { try Plan(request) }
        let words = refusal.advice.first { $0.hasPrefix("--sequences ") }!
        let count = Int(words.dropFirst("--sequences ".count))!
        #expect(Self.request([Self.host("a", gib: 8)], sequences: [count]).findPartition() != nil)
        #expect(Self.request([Self.host("a", gib: 8)], sequences: [count + 1]).findPartition() == nil)
        #expect(refusal.advice.contains("--kv-type q8_0"))
    }

    @Test func tooManyRanksAreRefused() throws {
        let request = Self.request((0..<33).map { Self.host("\($0)") })
        #expect(try #require(throws: PlanRefusal.self) { try Plan(request) }.problem.contains("33 ranks are too many"))
    }

    @Test func bottlenecksAreNamed() throws {
        let hosts = [Self.host("a"), Self.host("b")]
        func bottleneck(_ hosts: [HostProfile], _ link: LinkProfile, _ sequences: Int) throws -> String {
            let plan = try Plan(Self.request(hosts, link: link, sequences: [sequences]))
            return plan.predictions[0].bottleneck.description(hosts.map(\.name))
        }
        #expect(try bottleneck([hosts[0]], .sharedMemory, 1).hasPrefix("memory bandwidth of a"))
        #expect(try bottleneck([hosts[0]], .sharedMemory, 64).hasPrefix("arithmetic of a"))
        #expect(try bottleneck(hosts, .sharedMemory, 1).hasPrefix("one microbatch at a time"))
        #expect(try bottleneck(hosts, LinkProfile(delay: 0.2, bandwidth: 1e9), 1).hasPrefix("link"))
        #expect(try bottleneck(hosts, LinkProfile(delay: 0, bandwidth: 1e5), 8).hasPrefix("link"))
    }
}
