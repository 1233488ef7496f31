import OrderedJSON
import Tensors
import Tokenization

/// The tokenizer of a Hugging Face folder: tokenizer.json, else Mistral's tekken.json, else SentencePiece's tokenizer.model,
/// else vocab.json with merges.txt, and the settings beside them.
struct HuggingFaceTokenizer: TokenizerSource {
    let folder: String

    private static let json = "tokenizer.json"
    private static let sentencePiece = "tokenizer.model"

    init(folder: String) { self.folder = folder }

    func vocabulary(count: Int?) throws(ModelFileError) -> Vocabulary {
        let (lists, ends) = try lists(count: count)
        do { return try Vocabulary(lists, endOfGeneration: ends) } catch {
            throw ModelFileError(path: folder, problem: error)
        }
    }

    /// All that the files say together, and the tokens that end an answer.
    func lists(count: Int?) throws(ModelFileError) -> (TokenLists, ends: Set<TokenID>) {
        var (lists, name) = try lists()
        do throws(ModelFileProblem) {
            let settings = try TokenizerSettings(folder)
            try settings.complete(&lists)
            if let count { lists.fill(to: count) }
            return (lists, settings.endOfGeneration(lists))
        } catch { throw ModelFileError(path: "\(folder)/\(name)", problem: error) }
    }

    /// What the first file says that can be used, and its name.
    private func lists() throws(ModelFileError) -> (TokenLists, String) {
        var failure: ModelFileError?
        if let settings = try HuggingFaceSettings(Self.json, in: folder) {
            do { return (try TokenizerJSON(settings).read(), Self.json) } catch {
                failure = ModelFileError(path: "\(folder)/\(Self.json)", problem: error)
            }
        }
        if let settings = try HuggingFaceSettings(TekkenFile.name, in: folder) {
            do { return (try TekkenFile(settings).read(), TekkenFile.name) } catch {
                failure = ModelFileError(path: "\(folder)/\(TekkenFile.name)", problem: error)
            }
        }
        let path = "\(folder)/\(Self.sentencePiece)"
        if failure == nil, !FileStatus.exists(path), let files = VocabularyAndMerges(folder: folder) {
            return (try files.read(), VocabularyAndMerges.vocabulary)
        }
        guard FileStatus.exists(path) else { throw failure ?? ModelFileError(path: folder, problem: .noTokenizer) }
        let bytes: [UInt8]
        do { bytes = try RandomAccessFile.contents(of: path) } catch { throw ModelFileError(error) }
        do {
            let lists = try bytes.withUnsafeBufferPointer { bytes throws(ModelFileProblem) in
                try SentencePieceModel(UnsafeRawBufferPointer(bytes)).lists
            }
            return (lists, Self.sentencePiece)
        } catch { throw ModelFileError(path: path, problem: error) }
    }

    var chatTemplate: String? { HuggingFaceTemplates(folder: folder).standard }
    func chatTemplate(named name: String) -> String? { HuggingFaceTemplates(folder: folder)[name] }

    /// What `inspect` tells; a tokenizer that cannot be used has no tokens.
    var summary: TokenizerSummary {
        let vocabulary = try? vocabulary(count: nil)
        let (model, preTokenizer): (String?, String?) =
            switch vocabulary?.model {
            case .sentencePiece: ("llama", nil)
            case .byteLevelBPE(let preTokenizer): ("gpt2", preTokenizer.rawValue)
            case nil: (nil, nil)
            }
        return TokenizerSummary(
            model: model, preTokenizer: preTokenizer, tokenCount: vocabulary?.count ?? 0,
            mergeCount: vocabulary?.mergeCount ?? 0, bos: vocabulary?.bos.map(Int.init),
            eos: vocabulary?.eos.map(Int.init), chatTemplate: chatTemplate)
    }
}

extension Vocabulary {
    init(_ lists: TokenLists, endOfGeneration: Set<TokenID>) throws(ModelFileProblem) {
        let isSentencePiece = lists.model == .sentencePiece
        do {
            try self.init(
                model: lists.model, tokens: lists.tokens, scores: isSentencePiece ? lists.scores : [],
                kinds: lists.kinds, merges: lists.merges, bos: lists.bos, eos: lists.eos, unknown: lists.unknown,
                padding: lists.padding, endOfGeneration: endOfGeneration, addsBOS: lists.addsBOS ?? false,
                addsEOS: lists.addsEOS ?? false, addsSpacePrefix: lists.addsSpacePrefix, rules: lists.rules)
        } catch { throw .unusableVocabulary(error) }
    }
}
