import Foundation
import Planning
import ReportSchemas
import Testing

@testable import Program

/// What `plan` prints, for people and as JSON, of hosts that nobody has.
@Suite struct PlanOutputTests {
    private static func request(
        hosts count: Int, model: String = "llama-2-7b", sequences: [Int] = [1, 8]
    ) -> PlanRequest {
        let hosts = (1...count).map {
            HostProfile(name: "node\($0)", threads: 4, memoryBytes: 64 << 30, readBandwidth: 20e9, integerRate: 200e9)
        }
        return PlanRequest(
            ModelShape(known: model, type: .q4_0)!,
            on: ClusterProfile(hosts: hosts, edges: Array(repeating: .gigabitEthernet, count: count)), context: 1024,
            promptTokens: 512, generateTokens: 64, sequences: sequences)
    }

    @Test func reportsSayWhatThePlanIs() throws {
        let plan = try Plan(Self.request(hosts: 3))
        let report = PlanReport(plan)
        #expect(report.partition == plan.partition.layerCounts && report.partition.reduce(0, +) == 32)
        #expect(report.hosts.map(\.host) == ["node1", "node2", "node3"])
        #expect(report.hosts.map { $0.layers[1] - $0.layers[0] } == report.partition)
        #expect(report.predicted.map(\.sequences) == [1, 8] && report.bottleneck == plan.bottleneck)
    }

    @Test func tablesHaveALineForEachRankAndLoad() throws {
        let request = Self.request(hosts: 3)
        let plan = try Plan(request)
        let lines = PlanTable(plan, request, .given).text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "3 ranks, hosts and links as the cluster file says")
        #expect((2..<5).map { lines[$0].prefix(11) } == ["0     node1", "1     node2", "2     node3"])
        #expect(lines.contains { $0.hasPrefix("        1 ") } && lines.contains { $0.hasPrefix("        8 ") })
        #expect(lines.contains("limited by " + plan.bottleneck) && lines.contains("--partition \(plan.partition)"))
    }

    @Test func longTablesLeaveOutTheMiddle() throws {
        let request = Self.request(hosts: 60, model: "llama-2-70b", sequences: [1])
        let lines = PlanTable(try Plan(request), request, .measured).text.split(separator: "\n")
        #expect(lines.filter { $0 == "..." }.count == 1 && lines.contains { $0.hasPrefix("59    node60") })
        #expect(!lines.contains { $0.hasPrefix("30    node31") })
    }

    @Test func simulationsAreToldTwice() throws {
        let request = Self.request(hosts: 2, sequences: [4])
        let partition = Partition(adopting: [16, 16])
        let pattern = RequestPattern(
            count: 6, rate: nil, promptTokens: 8...16, generateTokens: 2...4, seed: 1)
        let outcome = request.simulate(pattern, partition)
        let report = SimulationReport(outcome, request, partition)
        #expect(report.requests == 6 && report.ranks == 2 && report.sequences == 4)
        #expect(report.stages.map(\.layers) == [[0, 16], [16, 32]])
        #expect(report.ttftSeconds.p50 <= report.ttftSeconds.p95 && report.ttftSeconds.p95 <= report.ttftSeconds.p99)
        let text = SimulationTable(report).text
        #expect(text.hasPrefix("6 requests on 2 ranks, 4 side by side: simulated\n"))
        #expect(text.contains("bubble ") && text.contains("TTFT  p50 "))
    }
}
