import ArgumentParser
import Engine
import ModelFiles
import ReportSchemas
import Requests
import Tokenization

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that these ranks compute the same bits as one rank alone and as the portable kernels.",
        discussion: "Generates over all ranks, then computes the same tokens on rank 0, one layer in memory at a time.")

    @OptionGroup var job: JobOptions

    @Option(help: "Tokens of the made-up prompt.")
    var promptTokens = 24

    @Option(help: "Tokens to generate after it.")
    var generateTokens = 8

    @Flag(help: "Print a hash of the hidden states after each layer.")
    var debugHashes = false

    func validate() throws {
        guard (1...4096).contains(promptTokens), (1...4096).contains(generateTokens) else {
            throw ValidationError("--prompt-tokens and --generate-tokens must be 1 to 4096.")
        }
    }

    func run() throws {
        var configuration = job.configuration
        configuration.hashedPositions = promptTokens + generateTokens - 1
        let bar = ProgressBar(label: "verifying", unit: .layers)
        try Job.run(configuration, observer: JobConsole(job)) { model, rules in
            guard promptTokens + generateTokens <= rules.contextLength else {
                throw EngineError.usage(
                    "\(promptTokens) prompt tokens and \(generateTokens) generated ones do not fit the context of "
                        + "\(rules.contextLength); ask for fewer or raise --context")
            }
            return model
        } coordinate: { coordinator, model, facts in
            let vocabSize = model.configuration.vocabSize
            let prompt = (0..<promptTokens).map { TokenID((1 + $0 * 7919) % vocabSize) }
            let verification = try coordinator.verify(
                model, promptIDs: prompt, generateTokens: generateTokens, facts: facts, kvType: job.kvType
            ) { layers, total in
                bar.show(layers, of: total)
            }
            bar.finish()
            try show(verification, facts)
        }
    }

    private func show(_ verification: Verification, _ facts: JobFacts) throws {
        if job.json {
            try Console.print(json: VerificationReport(verification, facts))
        } else {
            Console.print(text(verification, facts))
        }
        guard verification.isEqual else {
            throw EngineError.failure("these ranks do not compute what one rank computes; the report says where")
        }
    }

    private func text(_ verification: Verification, _ facts: JobFacts) -> String {
        var lines: [String] = []
        if debugHashes {
            for (layer, hash) in verification.layerHashes.enumerated() {
                lines.append("layer \(layer): \(hash.hexadecimal)")
            }
        }
        let run = "\(facts.rankCount) \(facts.rankCount == 1 ? "rank" : "ranks"), \(verification.ids.count) positions"
        for comparison in verification.comparisons {
            let other = "one rank with \(comparison.instructionSet) kernels"
            switch comparison.difference {
            case nil: lines.append("equal: \(run), and \(other)")
            case let place?:
                let layer = place.layer.map { "layer \($0)" } ?? "the token chosen"
                lines.append("DIFFERENT: \(run), and \(other): first at \(layer), position \(place.position)")
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension VerificationReport {
    init(_ verification: Verification, _ facts: JobFacts) {
        self.init(
            equal: verification.isEqual, ranks: facts.rankCount, partition: facts.partition,
            positions: verification.ids.count,
            comparisons: verification.comparisons.map {
                Comparison(
                    instructionSet: $0.instructionSet, equal: $0.difference == nil, layer: $0.difference?.layer,
                    position: $0.difference?.position)
            }, layerHashes: verification.layerHashes.map(\.hexadecimal))
    }
}

extension UInt64 {
    fileprivate var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
