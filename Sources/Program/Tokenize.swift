import ArgumentParser
import Engine
import ModelFiles
import OrderedJSON
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

    @Flag(help: "Take each line of stdin as a text of its own, a JSON string, and print a line of ids for each.")
    var lines = false

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
        let input = (try? FileDescriptor.standardInput.readWhole()) ?? []
        guard lines else { return try printIDs(of: UTF8Repair.repaired(input), tokenizer) }
        for (number, line) in input.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let text = JSONValue(parsing: line)?.bytes else {
                throw EngineError.badInput("line \(number + 1) of the input is no JSON string")
            }
            try printIDs(of: text, tokenizer)
        }
    }

    private func printIDs(of text: [UInt8], _ tokenizer: Tokenizer) throws {
        try Console.print(json: TokenReport(ids: tokenizer.encode(text, recognizeSpecial: special, addBOS: bos)))
    }
}
