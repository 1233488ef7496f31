import OrderedJSON

/// What is said, and all else that a chat template is given to render.
public struct Conversation: Sendable, Equatable {
    public var messages: [ChatMessage]
    /// Tools that the model may call, as OpenAI's clients describe them; nil: none.
    public var tools: [JSONValue]?
    /// Texts to answer from, for templates that know them.
    public var documents: [JSONValue]?
    /// Whether to end with the beginning of the assistant's answer.
    public var addGenerationPrompt: Bool
    /// Whether to end in the midst of the last message, which the model is to write on. It goes without the beginning of
    /// an answer.
    public var continuesLastMessage = false
    /// Other variables that the template may know, such as `enable_thinking`.
    public var variables: JSONObject

    public init(
        _ messages: [ChatMessage], tools: [JSONValue]? = nil, documents: [JSONValue]? = nil,
        addGenerationPrompt: Bool = true, variables: JSONObject = [:]
    ) {
        self.messages = messages
        self.tools = tools
        self.documents = documents
        self.addGenerationPrompt = addGenerationPrompt
        self.variables = variables
    }
}
