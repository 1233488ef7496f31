import Foundation
import ModelFiles
import Planning
import Requests
import TestSupport
import Testing

@testable import Engine

/// What a user asks for becomes a plan, without a rank.
@Suite("Plans of jobs")
struct JobPlanTests {
    private static let path = TestFiles.fixture("llama2/llama2-f32.gguf")

    private func plan(ranks: Int = 2, _ change: (inout JobConfiguration) -> Void = { _ in }) throws -> JobPlan {
        var configuration = JobConfiguration(modelPath: Self.path, maxSequences: 4)
        change(&configuration)
        return try JobPlan(configuration, Model(path: configuration.modelPath), rankCount: ranks)
    }

    @Test func sayWhatIsAskedFor() throws {
        let open = try plan()
        #expect(open.isOpen && open.partition.layerCounts == [2, 1] && open.memory.sequences == 4)
        #expect(open.workload.isContinuous && open.flight == JobFlight() && open.profile == nil)
        #expect(open.rowCapacity == open.costs.shape.rowCapacity)
        let given = try plan {
            $0.partition = "0,3"
            $0.prefillChunk = 16
            $0.microbatches = 5
        }
        #expect(!given.isOpen && given.partition.layerCounts == [0, 3] && given.rowCapacity == 16)
        #expect(given.flight == JobFlight(microbatches: 5, chunk: 16))
    }

    @Test func refuseWhatCannotBe() throws {
        #expect(throws: PartitionError.self) { try plan { $0.partition = "1,1" } }
        #expect(throws: PartitionError.self) { try plan(ranks: 4) }
        let refusal = #expect(throws: EngineError.self) { try plan { $0.context = 1 << 20 } }
        #expect(refusal?.kind == .usage)
    }

    /// Ranks compare what the user can get wrong, each with what to do about it.
    @Test func differInWhatRanksCompare() throws {
        let names = [
            "model", "quantization", "partition", "context", "wire type", "sequences", "KV type", "prefill chunk",
        ]
        let inputs = try plan().inputs
        #expect(inputs.map(\.name) == names && inputs.allSatisfy { !$0.advice.isEmpty })
        let changes: [(String, (inout JobConfiguration) -> Void)] = [
            ("partition", { $0.partition = "1,2" }), ("context", { $0.context = 64 }), ("wire type", { $0.wire = .q8 }),
            ("sequences", { $0.maxSequences = 5 }), ("KV type", { $0.kvType = .q8_0 }),
            ("prefill chunk", { $0.prefillChunk = 7 }),
        ]
        for (name, change) in changes {
            let changed = zip(try plan(change).inputs, inputs).filter { $0 != $1 }.map { $0.0.name }
            #expect(changed == [name])
        }
    }

    /// A slice names the partition that it was cut for: ranks with the whole model would plan another one.
    @Test func differWhereSlicesWereCutForOthers() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/stagecoach-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = try Model(path: Self.path)
        func slice(_ partition: [Int]) throws -> String {
            let path = "\(folder)/\(partition[0]).gguf"
            let layers = partition[0]..<partition[0] + partition[1]
            let slice = ModelSlice(
                layers: layers, holdsEnds: false, identity: try model.identity(), partition: partition)
            try SliceFile(model, slice).write(to: path)
            return path
        }
        let (mine, other) = (try slice([1, 2]), try slice([2, 1]))
        func differences(
            _ change: (inout JobConfiguration) -> Void, from reference: (inout JobConfiguration) -> Void = { _ in }
        ) throws -> [String] {
            zip(try plan(change).inputs, try plan(reference).inputs).filter { $0 != $1 }.map { $0.0.name }
        }
        #expect(try differences { $0.modelPath = mine } == ["partition"])
        // As many layers as an even partition has.
        #expect(try differences { $0.modelPath = other } == ["partition"])
        #expect(try differences({ $0.modelPath = mine }, from: { $0.modelPath = other }) == ["partition"])
        #expect(try differences({ $0.modelPath = mine }, from: { $0.partition = "1,2" }).isEmpty)
    }

    /// Hosts are compared before weights are loaded, and links come last.
    @Test func startInOrder() {
        let steps = StartStep.allCases
        func place(_ step: StartStep) -> Int { steps.firstIndex(of: step)! }
        #expect(place(.compare) < place(.survey) && place(.survey) < place(.partition))
        #expect(place(.fit) < place(.build) && place(.build) < place(.link))
    }
}
