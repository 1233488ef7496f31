import ChatTemplates
import ModelFiles
import Tokenization

/// What rank 0 needs of a model's file beyond its weights.
extension Model {
    /// The model's tokenizer; nil where the file has none, which is enough for runs on token ids.
    public func tokenizer() throws(ModelFileError) -> Tokenizer? {
        do {
            return try requiredTokenizer()
        } catch  where error.problem == .noTokenizer {
            return nil
        }
    }

    /// The model's tokenizer.
    public func requiredTokenizer() throws(ModelFileError) -> Tokenizer { Tokenizer(try vocabulary()) }

    /// The model's own chat template, or the one with this source.
    public func chatTemplate(insteadOfOwn source: String? = nil) throws(ChatTemplateError) -> ChatTemplate {
        if let source { return try ChatTemplate(source) }
        return try ChatTemplate(
            chatTemplate ?? namedChatTemplate("default"), toolUse: namedChatTemplate("tool_use"))
    }
}
