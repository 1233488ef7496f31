import Jinja
import OrderedJSON
import Tokenization

/// A model's own chat template: messages to a prompt.
///
/// A later turn renders the whole conversation anew. The engine keeps the KV cache of whatever the new prompt has in
/// common with the last one from the beginning on: all of it where the template only appends, less where it rewrites what
/// was said, as templates do that drop old reasoning.
public struct ChatTemplate: Sendable {
    /// nil where there is only one for requests with tools.
    private let standard: Template?
    /// Where a model has one for requests with tools.
    private let toolUse: Template?
    /// Whether it takes content in parts; else they are joined.
    private let takesParts: Bool

    /// - Parameters:
    ///   - source: The template's Jinja source as the model carries it; nil where it carries none.
    ///   - toolUse: The source of the template for requests with tools, where that is another one.
    public init(_ source: String?, toolUse: String? = nil) throws(ChatTemplateError) {
        if source == nil, toolUse == nil { throw .missing }
        func template(_ source: String) throws(TemplateError) -> Template { try Template(source) }
        do throws(TemplateError) {
            standard = try source.map(template)
            self.toolUse = try toolUse.map(template)
        } catch { throw ChatTemplateError(error) }
        takesParts = (standard ?? self.toolUse).map(Self.takesParts) ?? false
    }

    /// The conversation as the template writes it.
    ///
    /// - Parameters:
    ///   - bos: The text of the vocabulary's begin-of-sequence token, which some templates write.
    ///   - eos: The text of its end-of-sequence token.
    ///   - others: Names and texts of further special tokens that a template may write, such as `pad_token`.
    ///   - date: What the template takes for now.
    public func render(
        _ conversation: Conversation, bos: String, eos: String, others: [(name: String, text: String)] = [],
        date: LocalTime
    ) throws(ChatTemplateError) -> [ChatSegment] {
        if conversation.messages.isEmpty { throw .noMessages }
        guard let template = conversation.tools == nil ? standard : toolUse ?? standard else { throw .onlyForTools }
        var messages = conversation.messages
        if !takesParts { messages = messages.map(\.withJoinedParts) }
        // A variable cannot take the place of what follows it.
        var variables = conversation.variables.members.map { (name: $0.key, value: $0.value.templateInput) }
        variables += [
            ("messages", .list(messages.map(\.templateInput))), ("tools", Self.input(conversation.tools)),
            ("documents", Self.input(conversation.documents)),
            ("add_generation_prompt", .bool(conversation.addGenerationPrompt)),
            ("bos_token", .text(bos)), ("eos_token", .text(eos)),
        ]
        variables += others.map { ($0.name, .text($0.text)) }
        do throws(TemplateError) {
            return try template.render(variables, date: date).map { $0.isData ? .content($0.text) : .template($0.text) }
        } catch { throw ChatTemplateError(error) }
    }

    /// The conversation as token ids.
    ///
    /// Special tokens are recognised in the template's own text only, so no message can end its turn or begin another's.
    /// Where no message holds the text of a special token, these are the ids of the whole rendered text. BOS is there
    /// where the template writes it and nowhere else, as in Hugging Face's `apply_chat_template`.
    public func promptIDs(
        _ conversation: Conversation, tokenizer: Tokenizer, date: LocalTime = .now()
    ) throws(ChatTemplateError) -> [TokenID] {
        tokenizer.encode(
            try segments(of: conversation, tokenizer.vocabulary, date).map { segment in
                switch segment {
                case .template(let text): TextPart(Array(text.utf8), recognizeSpecial: true)
                case .content(let text): TextPart(Array(text.utf8), recognizeSpecial: false)
                }
            })
    }

    /// Which message the template has no way to say: a conversation that ends with it fails, and one that ends before it
    /// does not.
    ///
    /// - Returns: nil where none is at fault, or where finding it would take long.
    public func failingMessage(of conversation: Conversation, tokenizer: Tokenizer) -> Int? {
        let date = LocalTime.now()
        var (sayable, failing) = (0, conversation.messages.count)
        guard failing <= 1000 else { return nil }
        do throws(ChatTemplateError) {
            _ = try segments(of: conversation, tokenizer.vocabulary, date)
            return nil
        } catch {
            guard error.isOfMessages else { return nil }
        }
        while failing - sayable > 1 {
            let middle = (sayable + failing) / 2
            var beginning = conversation
            beginning.continuesLastMessage = false
            beginning.messages.removeLast(conversation.messages.count - middle)
            let fails = (try? segments(of: beginning, tokenizer.vocabulary, date)) == nil
            (sayable, failing) = fails ? (sayable, middle) : (middle, failing)
        }
        return failing - 1
    }

    /// The conversation as the template writes it for a vocabulary, or one that says the same.
    private func segments(
        of conversation: Conversation, _ vocabulary: Vocabulary, _ date: LocalTime
    ) throws(ChatTemplateError) -> [ChatSegment] {
        func text(of id: TokenID?) -> String { String(decoding: id.map(vocabulary.bytes) ?? [], as: UTF8.self) }
        let others = [("unk_token", vocabulary.unknown), ("pad_token", vocabulary.padding)].compactMap { name, id in
            id.map { (name: name, text: text(of: $0)) }
        }
        func written(_ conversation: Conversation) throws(ChatTemplateError) -> [ChatSegment] {
            try conversation.firstThatRenders { conversation throws(ChatTemplateError) in
                try render(
                    conversation, bos: text(of: vocabulary.bos), eos: text(of: vocabulary.eos), others: others,
                    date: date)
            }
        }
        return try conversation.continuesLastMessage
            ? conversation.upToLastText(written) : written(conversation)
    }

    private static func input(_ values: [JSONValue]?) -> TemplateInput {
        values.map { .list($0.map(\.templateInput)) } ?? .none
    }

    /// Whether the template goes through parts of content, or would print the list: one message tells.
    private static func takesParts(_ template: Template) -> Bool {
        let part = TemplateInput.mapping([("type", .data("text")), ("text", .data("a part"))])
        let message = TemplateInput.mapping([("role", .text("user")), ("content", .list([part]))])
        let variables: [(name: String, value: TemplateInput)] = [
            ("messages", .list([message])), ("tools", .none), ("documents", .none),
            ("add_generation_prompt", .bool(false)),
            ("bos_token", .text("")), ("eos_token", .text("")),
        ]
        guard let spans = try? template.render(variables, date: .now()) else { return false }
        let text = spans.filter(\.isData).map(\.text)
        return text.contains("a part") && !text.contains("type")
    }
}
