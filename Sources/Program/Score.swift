import ArgumentParser
import Engine
import ModelFiles
import ReportSchemas
import Requests
import Tokenization

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Say how likely the model finds given text or tokens.")

    @OptionGroup var job: JobOptions

    @Option(help: "Token ids such as 1,2,3, taken as given.")
    var ids: String?

    @Option(help: "A file of token ids.")
    var idsFile: String?

    @Option(help: "A UTF-8 text file; BOS as the model asks.")
    var textFile: String?

    @Option(help: "Write the logits after each token to this file: FP32, little-endian, [n, vocabSize].")
    var logitsOut: String?

    func validate() throws {
        guard [ids, idsFile, textFile].compactMap({ $0 }).count == 1 else {
            throw ValidationError("Give the tokens by exactly one of --ids, --ids-file and --text-file.")
        }
    }

    func run() throws {
        try Job.run(job.configuration, observer: JobConsole(job)) { model, rules in
            let ids = try tokens(for: model)
            try rules.check(ids)
            return ids
        } coordinate: { coordinator, ids, _ in
            let output = try logitsOut.map(OutputFile.init)
            let score = try coordinator.score(ids) { try output?.write(UnsafeRawBufferPointer($0)) }
            try Console.print(json: ScoreReport(score))
        }
    }

    private func tokens(for model: Model) throws -> [TokenID] {
        if let ids { return try TokenList.parse(ids, flag: "--ids") }
        if let idsFile { return try TokenList.parse(TextFile.read(idsFile), flag: "--ids-file") }
        let tokenizer = try model.requiredTokenizer()
        return tokenizer.encode(
            Array(try TextFile.read(textFile!).utf8), recognizeSpecial: false, addBOS: tokenizer.vocabulary.addsBOS)
    }
}

extension ScoreReport {
    init(_ score: Score) {
        self.init(
            ids: score.ids, nll: score.nll, argmax: score.argmax, meanNLL: score.meanNLL, perplexity: score.perplexity)
    }
}
