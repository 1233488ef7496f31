import ReportSchemas
import TestSupport
import Testing

@Suite("verify")
struct VerifyTests {
    private func verify(_ flags: [String] = [], ranks: Int? = nil) async throws -> (
        VerificationReport, exitStatus: Int?
    ) {
        let run = try await Stagecoach.run(
            ["verify", "--model", TinyReference.modelPath, "--threads", "1", "--json"] + flags, ranks: ranks)
        return (try run.report(), run.exitStatus)
    }

    @Test("Any layout is found equal to one rank and to the portable kernels, with the same hashes")
    func equal() async throws {
        let (alone, _) = try await verify()
        #expect(alone.equal && alone.layerHashes.count == 3)
        #expect(alone.comparisons.last?.instructionSet == "portable")
        for (ranks, flags) in [(2, []), (3, ["--prefill-chunk", "5"])] as [(Int, [String])] {
            let (report, status) = try await verify(flags, ranks: ranks)
            #expect(status == 0 && report.equal && report.ranks == ranks)
            #expect(report.layerHashes == alone.layerHashes)
        }
    }

    @Test("Where bits do differ, the first layer and position are named")
    func different() async throws {
        let (report, status) = try await verify(["--wire", "f16", "--partition", "2,1"], ranks: 2)
        #expect(status == 70 && !report.equal)
        for comparison in report.comparisons {
            #expect(!comparison.equal && comparison.layer == 2 && comparison.position == 0)
        }
    }

    @Test("Hashes are printed on request")
    func hashes() async throws {
        let run = try await Stagecoach.run(
            ["verify", "--model", TinyReference.modelPath, "--threads", "1", "--debug-hashes"])
        #expect(run.succeeded && run.output.contains("layer 2: ") && run.output.contains("equal: 1 rank"))
    }

    @Test("What does not fit is refused")
    func refused() async throws {
        for flags in [["--prompt-tokens", "0"], ["--prompt-tokens", "600"], ["--generate-tokens", "5000"]] {
            let run = try await Stagecoach.run(["verify", "--model", TinyReference.modelPath] + flags)
            #expect(run.exitStatus == 64, "\(run)")
        }
    }
}
