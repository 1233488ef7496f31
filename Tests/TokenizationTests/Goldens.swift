import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import Tokenization

/// A vocabulary and what the reference makes of texts with it (see `scripts/tokenizer-goldens`).
struct Family: Sendable, CustomTestStringConvertible {
    let name: String
    /// Where the vocabulary is: a GGUF file, a Hugging Face folder, or one of the small ones in JSON. Nil where it was never fetched.
    let path: String?

    var testDescription: String { name }

    static let real = [
        Family(name: "llama2", path: TestFiles.vocabulary("llama2-spm.gguf")),
        Family(name: "llama3", path: TestFiles.vocabulary("llama3-bpe.gguf")),
        Family(name: "qwen2", path: TestFiles.vocabulary("qwen2-bpe.gguf")),
        Family(name: "smollm2", path: TestFiles.smolLM2),
    ]

    static let small =
        [Family(name: "small-llama2", path: TestFiles.fixture("llama2/llama2-f32.gguf"))]
        + ["gpt-2", "llama-bpe", "qwen2", "smollm", "tekken", "gpt-4o", "default", "unknown", "unused"].map {
            Family(name: "small-\($0)", path: TestFiles.fixture("tokenization/small-\($0).json"))
        }

    /// Hugging Face folders with the same vocabularies as small ones, or with the small Llama 2's.
    static let folders =
        ["gpt-2", "llama-bpe", "qwen2", "smollm", "tekken", "gpt-4o"].map {
            Family(name: "small-\($0)", path: TestFiles.fixture("tokenization/\($0)"))
        }
        + ["prepend", "metaspace"].map { Family(name: $0, path: TestFiles.fixture("tokenization/\($0)")) }
        // tokenizer.model beside the GGUF.
        + [Family(name: "small-llama2", path: TestFiles.fixture("llama2"))]

    /// The families whose vocabulary is there.
    static let present = (small + real).filter { $0.path != nil }

    func tokenizer() throws -> Tokenizer {
        guard let path else { throw CocoaError(.fileNoSuchFile) }
        return Tokenizer(
            try path.hasSuffix(".json") ? SmallVocabulary.read(path).vocabulary() : openVocabulary(path: path))
    }

    func goldens() throws -> Goldens { try read("ids-\(name).json") }
}

/// The reference's results for one family.
struct Goldens: Decodable {
    struct Long: Decodable {
        let part: String
        let count: Int
        let tokens: Int
        let hash: String
    }
    struct Decoded: Decodable {
        let ids: [TokenID]
        let text: String
    }

    /// Texts with this family's special tokens; they follow the common ones.
    let specialStrings: [String]
    let ids: [[TokenID]]
    /// Where recognising special tokens makes a difference: the text's number and its ids then.
    let specialIDs: [SpecialIDs]
    let long: [Long]
    let decoded: [Decoded]

    struct SpecialIDs: Decodable {
        let text: Int
        let ids: [TokenID]

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            text = try pair.decode(Int.self)
            ids = try pair.decode([TokenID].self)
        }
    }

    func texts() throws -> [String] {
        struct Strings: Decodable { let strings: [[String]] }
        return try (read("strings.json") as Strings).strings.map { $0[0] } + specialStrings
    }
}

/// One of the vocabularies that the script trains.
struct SmallVocabulary: Decodable {
    let model: String
    let pre: String
    let tokens: [String]
    let scores: [Float]?
    let kinds: [UInt8]
    let merges: [String]
    let spacePrefix: Bool?

    static func read(_ path: String) throws -> SmallVocabulary {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    func vocabulary() throws -> Vocabulary {
        let kinds = kinds.compactMap(TokenKind.init)
        return try Vocabulary(
            model: model == "llama" ? .sentencePiece : .byteLevelBPE(PreTokenizer(rawValue: pre) ?? .standard),
            tokens: tokens.map { Array($0.utf8) }, scores: scores ?? [], kinds: kinds,
            merges: merges.map { Array($0.utf8) }, bos: nil, eos: nil,
            unknown: kinds.firstIndex(of: .unknown).map { TokenID($0) }, padding: nil, endOfGeneration: [],
            addsBOS: false, addsEOS: false, addsSpacePrefix: spacePrefix ?? false)
    }
}

/// Reads `Tests/Fixtures/tokenization/<name>`.
func read<Value: Decodable>(_ name: String) throws -> Value {
    let url = URL(fileURLWithPath: TestFiles.fixture("tokenization/\(name)"))
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: url))
}

/// The bytes of a text, as Swift stores them: no test may compare `String`s, which are equal when their canonical
/// forms are.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
