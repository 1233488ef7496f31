/// A stretch of a rendered conversation, by who wrote it: only what the template wrote may contain special tokens.
public enum ChatSegment: Sendable, Equatable {
    /// Text of the model's template: `<|im_start|>` in it is a special token.
    case template(String)
    /// Text from a message or a tool: `<|im_start|>` in it is thirteen characters.
    case content(String)

    public var text: String {
        switch self {
        case .template(let text), .content(let text): text
        }
    }
}
