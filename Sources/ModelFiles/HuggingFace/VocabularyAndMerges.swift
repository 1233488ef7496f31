import OrderedJSON
import Tensors
import Tokenization

/// A byte-level tokenizer as GPT-2 had it: vocab.json and merges.txt, and a class that says how text is cut.
struct VocabularyAndMerges {
    static let vocabulary = "vocab.json"
    static let merges = "merges.txt"

    private let folder: String

    /// nil where the folder has no such files.
    init?(folder: String) {
        guard [Self.vocabulary, Self.merges].allSatisfy({ FileStatus.exists("\(folder)/\($0)") }) else { return nil }
        self.folder = folder
    }

    func read() throws(ModelFileError) -> TokenLists {
        let settings = try HuggingFaceSettings("tokenizer_config.json", in: folder)
        let vocabulary = try HuggingFaceSettings(Self.vocabulary, in: folder)
        let path = "\(folder)/\(Self.merges)"
        let merges: [UInt8]
        do { merges = try RandomAccessFile.contents(of: path) } catch { throw ModelFileError(error) }
        do throws(ModelFileProblem) {
            var lists = try lists(of: settings?["tokenizer_class"]?.string ?? "GPT2Tokenizer")
            try lists.addVocabulary(vocabulary?.root)
            lists.merges = Self.lines(merges)
            return lists
        } catch { throw ModelFileError(path: "\(folder)/\(Self.vocabulary)", problem: error) }
    }

    private func lists(of name: String) throws(ModelFileProblem) -> TokenLists {
        let isQwen = name.hasPrefix("Qwen2Tokenizer")
        guard isQwen || name.hasPrefix("GPT2Tokenizer") else {
            throw .unsupportedTokenizer(
                "vocab.json with the class '\(printable(name))'", supported: ["GPT2Tokenizer", "Qwen2Tokenizer"])
        }
        var lists = TokenLists(model: .byteLevelBPE(isQwen ? .qwen2 : .gpt2))
        lists.rules.composesText = isQwen
        lists.rules.takesWholePieces = false
        return lists
    }

    /// The merges, one a line after a first one that may name the version.
    private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map {
            $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0
        }
        let merges = lines.first?.starts(with: "#version".utf8) == true ? lines.dropFirst() : lines[...]
        return merges.filter { !$0.isEmpty }.map { Array($0) }
    }
}
