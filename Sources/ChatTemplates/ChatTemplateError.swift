import Jinja

/// Why a conversation cannot be turned into a prompt.
public enum ChatTemplateError: Error, Equatable, CustomStringConvertible {
    /// The model has no template.
    case missing
    /// The model has a template for requests with tools and no other.
    case onlyForTools
    /// The template cannot be read, or fails.
    case broken(TemplateError)
    /// The template itself refuses the conversation, and says why.
    case refused(String)
    /// A message is not one.
    case message(String)
    case noMessages

    init(_ error: TemplateError) {
        self = error.kind == .refusal ? .refused(error.message) : .broken(error)
    }

    /// Whether other messages might not have met it.
    var isOfMessages: Bool {
        switch self {
        case .broken(let error): error.kind == .failure
        case .refused: true
        case .missing, .onlyForTools, .message, .noMessages: false
        }
    }

    public var description: String {
        let advice = "--raw sends a prompt as it is, --chat-template FILE takes another template"
        return switch self {
        case .missing: "the model carries no chat template: \(advice)"
        case .onlyForTools:
            "of the model's chat templates none is the default one, and only requests with tools have their own: \(advice)"
        case .broken(let error) where error.kind == .syntax: "the chat template cannot be read: \(error); \(advice)"
        case .broken(let error): "the chat template fails: \(error); \(advice)"
        case .refused(let reason): "the model's chat template refuses this conversation: \(reason)"
        case .message(let reason): reason
        case .noMessages: "a conversation needs at least one message"
        }
    }
}
