/// Who speaks. Models know different roles; a template refuses the ones it does not.
public struct ChatRole: RawRepresentable, Sendable, Hashable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let system = ChatRole(rawValue: "system")
    public static let developer = ChatRole(rawValue: "developer")
    public static let user = ChatRole(rawValue: "user")
    public static let assistant = ChatRole(rawValue: "assistant")
    public static let tool = ChatRole(rawValue: "tool")

    /// The names of roles that templates build special tokens from, such as `<|user|>`. Others are text like any that
    /// comes from outside: a role cannot smuggle in a special token.
    static let known: Set = [
        "system", "developer", "user", "assistant", "tool", "function", "ipython", "tool_response", "tool_call",
        "model",
        "context", "documents", "available_tools", "latest_reminder", "critic", "root",
    ]
}
