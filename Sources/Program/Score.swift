import ArgumentParser
import Engine
import ModelFiles
import ReportSchemas
import Requests
import Tokenization

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Say how likely the model finds given text or tokens.",
        discussion: """
            What is longer than the context is taken in windows as long as the context, one after the other, of each of \
            which the second half counts, as llama-perplexity does it; of a text each window begins with BOS where the \
            model asks for one, and what fills no window is left out. nll is null where a token does not count.
            """)

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
            let windows = ScoringWindows(tokenCount: ids.count, contextLength: rules.contextLength)
            for range in windows?.ranges ?? [0..<ids.count] { try rules.check(Array(ids[range])) }
            return (ids, bos: try bos(for: model))
        } coordinate: { coordinator, prepared, _ in
            let output = try logitsOut.map(OutputFile.init)
            let score = try coordinator.score(prepared.0, bos: prepared.bos) {
                try output?.write(UnsafeRawBufferPointer($0))
            }
            if let windows = score.windows { Console.log("stagecoach: \(windows.note)\n") }
            try Console.print(json: ScoreReport(score))
        }
    }

    /// What each window of a text begins with; ids are taken as given.
    private func bos(for model: Model) throws -> TokenID? {
        guard textFile != nil else { return nil }
        let vocabulary = try model.vocabulary()
        return vocabulary.addsBOS ? vocabulary.bos : nil
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
            ids: score.ids, nll: score.nll, argmax: score.argmax, meanNLL: score.meanNLL, perplexity: score.perplexity,
            windows: score.windows?.count)
    }
}

extension ScoringWindows {
    /// What is said of them on stderr.
    fileprivate var note: String {
        let rest = remainder > 0 ? "; the last \(remainder), which fill none, are left out" : ""
        return
            "\(tokenCount + remainder) tokens are more than the context of \(length) holds: they are taken in \(count) "
            + "window\(count == 1 ? "" : "s"), and the second half of each counts\(rest)"
    }
}
