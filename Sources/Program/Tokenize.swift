import ArgumentParser
import Engine
import ModelFiles
import Platform
import ReportSchemas
import Requests
import SystemPackage
import Tokenization

struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Turn text on stdin into token ids, or ids into text.")

    @Option(help: "The model or vocabulary: a GGUF file or a Hugging Face folder.")
    var model: String

    @Flag(help: "Put the BOS token first.")
    var bos = false

    @Flag(help: "Recognise special tokens in the text.")
    var special = false

    @Option(help: "Print the text of these ids, such as 1,2,3, instead.")
    var decode: String?

    @Flag(help: "Accepted for likeness; the ids are one line of JSON anyway.")
    var json = false

    func run() throws {
        guard LauncherRank.isFirst else { return }
        let tokenizer = try Tokenizer(openVocabulary(path: model))
        if let decode {
            let ids = try TokenList.parse(decode, flag: "--decode")
            if let id = ids.first(where: { Int($0) >= tokenizer.vocabulary.count }) {
                throw EngineError.badInput("token id \(id) is not in the vocabulary of \(tokenizer.vocabulary.count)")
            }
            Console.print(String(decoding: tokenizer.decode(ids, includeSpecial: special), as: UTF8.self) + "\n")
            return
        }
        let text = UTF8Repair.repaired((try? FileDescriptor.standardInput.readWhole()) ?? [])
        let ids = tokenizer.encode(text, recognizeSpecial: special, addBOS: bos)
        try Console.print(json: TokenReport(ids: ids))
    }
}
