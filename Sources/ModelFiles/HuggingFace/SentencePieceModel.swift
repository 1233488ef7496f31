import Tensors
import Tokenization

/// A SentencePiece `tokenizer.model`, of the kind that Llama 2 uses: BPE of text that is not normalized.
///
/// <https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto>
struct SentencePieceModel {
    private(set) var lists = TokenLists(model: .sentencePiece)

    private enum ModelField { static let pieces = 1, trainer = 2, normalizer = 3 }
    private enum PieceField { static let text = 1, score = 2, kind = 3 }
    private enum TrainerField { static let kind = 3, unknown = 40, bos = 41, eos = 42, padding = 43 }
    private enum NormalizerField { static let rules = 2, prefix = 3, removesSpaces = 4, escapesSpaces = 5 }

    init(_ bytes: UnsafeRawBufferPointer) throws(ModelFileProblem) {
        lists.addsSpacePrefix = true
        (lists.unknown, lists.bos, lists.eos) = (0, 1, 2)
        // What a file that does not say otherwise is: a unigram model that removes spaces.
        var isBPE = false
        var removesSpaces = true
        var reader = ProtobufReader(bytes)
        while let (field, value) = try reader.next() {
            guard case .bytes(let message) = value else { continue }
            switch field {
            case ModelField.pieces: try addPiece(message)
            case ModelField.trainer: isBPE = try readTrainer(message)
            case ModelField.normalizer: removesSpaces = try readNormalizer(message)
            default: break
            }
        }
        guard isBPE else { throw .unsupportedTokenizer("a SentencePiece unigram model", supported: ["BPE"]) }
        guard !removesSpaces else { throw Self.normalizes("removes spaces") }
    }

    private mutating func addPiece(_ message: UnsafeRawBufferPointer) throws(ModelFileProblem) {
        var (text, score, kind): ([UInt8], Float, TokenKind) = ([], 0, .normal)
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (PieceField.text, .bytes(let bytes)): text = Array(bytes)
            case (PieceField.score, .fixed32(let bits)): score = Float(bitPattern: bits)
            case (PieceField.kind, .integer(let number)):
                guard let known = UInt8(exactly: number).flatMap(TokenKind.init) else {
                    throw .invalidTokenizer(reason: "token \(lists.tokens.count) is of the unknown kind \(number)")
                }
                kind = known
            default: break
            }
        }
        lists.tokens.append(text)
        lists.scores.append(score)
        lists.kinds.append(kind)
    }

    /// Whether the model is BPE.
    private mutating func readTrainer(_ message: UnsafeRawBufferPointer) throws(ModelFileProblem) -> Bool {
        var isBPE = false
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            guard case .integer(let number) = value else { continue }
            // Negative numbers mean that there is no such token.
            let id = TokenID(exactly: Int64(bitPattern: number)).flatMap { $0 < 0 ? nil : $0 }
            switch field {
            case TrainerField.kind: isBPE = number == 2
            case TrainerField.unknown: lists.unknown = id
            case TrainerField.bos: lists.bos = id
            case TrainerField.eos: lists.eos = id
            case TrainerField.padding: lists.padding = id
            default: break
            }
        }
        return isBPE
    }

    /// Whether spaces at the ends and between others are removed.
    private mutating func readNormalizer(_ message: UnsafeRawBufferPointer) throws(ModelFileProblem) -> Bool {
        var removesSpaces = true
        var reader = ProtobufReader(message)
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (NormalizerField.rules, .bytes(let rules)):
                if !rules.isEmpty { throw Self.normalizes("rewrites characters") }
            case (NormalizerField.prefix, .integer(let flag)): lists.addsSpacePrefix = flag != 0
            case (NormalizerField.removesSpaces, .integer(let flag)): removesSpaces = flag != 0
            case (NormalizerField.escapesSpaces, .integer(let flag)):
                if flag == 0 { throw Self.normalizes("keeps spaces as they are") }
            default: break
            }
        }
        return removesSpaces
    }

    private static func normalizes(_ what: String) -> ModelFileProblem {
        .unsupportedTokenizer("a SentencePiece model that \(what)", supported: ["one that leaves text as it is"])
    }
}
