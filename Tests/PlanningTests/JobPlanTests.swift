import Foundation
import Scheduling
import Testing

@testable import Planning

@Suite struct JobPlanTests {
    private static let shape = ModelShape(known: "llama-2-7b", type: .q4_0)!

    private static func plan(
        ranks: Int = 2, given: [Int]? = nil, sequences: Int = 1, context: Int = 1024, byteLimit: Int? = nil,
        flight: JobFlight = JobFlight(), inputs: [FingerprintInput] = []
    ) throws -> JobPlan {
        let partition =
            try given.map { try Partition(layerCounts: $0, ranks: ranks, layerCount: 32) }
            ?? Partition(even: 32, ranks: ranks)
        return JobPlan(
            partition, given == nil ? .even : .given, costs: CostModel(shape, rowCapacity: flight.chunk),
            memory: JobMemory(type: .f16, context: context, sequences: sequences, byteLimit: byteLimit),
            flight: flight, inputs: inputs)
    }

    private static func profile(_ speeds: [Double], gib: Double? = nil) -> ClusterProfile {
        let hosts = speeds.enumerated().map { rank, speed in
            HostProfile(
                name: "host\(rank)", threads: 1, memoryBytes: gib.map { Int($0 * 0x1p30) }, readBandwidth: 20e9 * speed,
                integerRate: 200e9 * speed)
        }
        return ClusterProfile(hosts: hosts, edges: Array(repeating: .sharedMemory, count: hosts.count))
    }

    @Test func whatIsGivenStays() throws {
        let given = try Self.plan(given: [30, 2])
        #expect(!given.isOpen && given.groups.sizes == [1, 1] && given.groups.ranks(of: 1) == 1..<2)
        #expect(try Self.plan().isOpen && !Self.plan(ranks: 1).isOpen)
    }

    @Test func aSlowHostGetsFewerLayers() throws {
        var plan = try Self.plan(sequences: 16)
        #expect(plan.decide(on: Self.profile([1, 0.25])) == nil)
        #expect(plan.choice == .planned && !plan.isOpen)
        #expect(plan.partition.layerCounts[0] > 2 * plan.partition.layerCounts[1])
        #expect(plan.partition.layerCount == 32)
    }

    @Test func layersThatAreThereStayThere() throws {
        var plan = try Self.plan(sequences: 16)
        plan.decide(on: Self.profile([1, 1]))
        let best = plan.partition
        plan = try Self.plan(sequences: 16)
        let held = best.layerCounts[0] - 1
        #expect(plan.decide(on: Self.profile([1, 1]), keeping: HeldLayers([nil, [held..<32]])) == best)
        #expect(plan.partition.layerCounts == [held, 32 - held])
        plan = try Self.plan(sequences: 16)
        #expect(plan.decide(on: Self.profile([1, 1]), keeping: HeldLayers([nil, [2..<32]])) == nil)
        #expect(plan.partition == best)
    }

    /// Where fewer sequences fit than were asked for, layers are shared out for as many as do; where none does, not at all.
    @Test func memoryDecidesForHowMany() throws {
        var plan = try Self.plan(sequences: 64, context: 4096)
        plan.decide(on: Self.profile([1, 1], gib: 8))
        #expect(plan.choice == .planned)
        plan = try Self.plan(sequences: 64, context: 4096)
        plan.decide(on: Self.profile([1, 1], gib: 1))
        #expect(plan.choice == .even && plan.isOpen && plan.profile != nil)
    }

    @Test func theRankWithTheLeastMemoryBoundsTheBlocks() throws {
        var plan = try Self.plan(sequences: 4)
        #expect(plan.memory.capacity.blockCount == 4 * 16 + 1)
        let block = 64 * 1000
        #expect(plan.memory.affordableBlocks(blockBytes: block, weightBytes: 100, available: nil) > 1 << 40)
        #expect(plan.memory.affordableBlocks(blockBytes: 0, weightBytes: 100, available: 0) == .max)
        #expect(plan.memory.affordableBlocks(blockBytes: block, weightBytes: 1000, available: 1000 + 20 * block) == 18)
        #expect(plan.memory.affordableBlocks(blockBytes: block, weightBytes: 1000, available: 10) == 0)
        let limited = try Self.plan(sequences: 4, byteLimit: 5 * block)
        #expect(limited.memory.affordableBlocks(blockBytes: block, weightBytes: 1000, available: nil) == 5)
        #expect(plan.hold(blocks: 1000) && plan.memory.capacity.blockCount == 65)
        #expect(plan.hold(blocks: 17) && plan.memory.capacity.blockCount == 17)
        #expect(!plan.hold(blocks: 16) && plan.memory.longestSequence == 15 * 64)
    }

    @Test func whatIsKnownDecidesTheFlight() throws {
        var plan = try Self.plan(flight: JobFlight(microbatches: 3, chunk: 64))
        #expect(plan.rowCapacity == 64 && plan.schedulerLimits.costs == nil && plan.schedulerLimits.microbatches == 3)
        plan.know(Self.profile([1, 1]))
        let limits = plan.schedulerLimits
        #expect(limits.costs != nil && limits.fillsMicrobatches && limits.rowCapacity == 64 && limits.stageCount == 2)
        #expect(plan.frameLimits.costs == nil && plan.frameLimits.spanCapacity == limits.spanCapacity)
        #expect(plan.frameLimits.operationCapacity == limits.operationCapacity)
    }

    @Test func sharesCountEachWeightOnce() throws {
        let shares = try Self.plan(given: [20, 12]).shares
        #expect(shares[0].layers.bytes * 12 == shares[1].layers.bytes * 20 && shares[1].head.bytes == 0)
        #expect(shares[0].head.operations == 2 * Self.shape.head.elementCount)
        let operations = try Self.plan().operationsPerRow
        #expect(operations.integers == shares[0].layers.operations + shares[1].layers.operations)
        #expect(operations.floats == 0)
    }

    @Test func travelsAndIsPrinted() throws {
        var plan = try Self.plan(sequences: 4, inputs: [FingerprintInput("context", 1024, advice: "same flags")])
        plan.decide(on: Self.profile([1, 0.5]))
        let copy = try JSONDecoder().decode(JobPlan.self, from: JSONEncoder().encode(plan))
        #expect(copy == plan)
        for words in [
            "layers \(plan.partition), as planned", "4 x 1024 tokens, 65 blocks", "hosts host0,host1", "context 1024",
        ] {
            #expect(plan.description.contains(words), "\(plan)")
        }
    }
}
