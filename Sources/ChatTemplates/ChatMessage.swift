import Jinja
import OrderedJSON

/// One message of a conversation: its role, its content, and whatever else a template may ask for (`tool_calls`,
/// `tool_call_id`, `name`, `reasoning_content` and more), in the order it came.
public struct ChatMessage: Sendable, Equatable {
    public private(set) var fields: JSONObject

    public init(role: ChatRole, content: String) {
        fields = ["role": .string(role.rawValue), "content": .string(content)]
    }

    /// A message as OpenAI's clients send it. Fields that are null count as absent, and so does a list of no tool calls;
    /// arguments of tool calls that are JSON text become the objects that templates print.
    public init(_ json: JSONValue) throws(ChatTemplateError) {
        guard var fields = json.object else { throw .message("a message must be an object, not \(json.kind)") }
        guard let role = fields["role"] else { throw .message("a message has no role") }
        guard role.string != nil else { throw .message("the role of a message must be a string, not \(role.kind)") }
        for member in fields.members where member.value == .null { fields[member.key] = nil }
        if let parts = fields["content"]?.array { fields["content"] = .array(try parts.map(Self.textPart)) }
        try Self.check(fields["content"])
        if fields["tool_calls"] == .array([]) { fields["tool_calls"] = nil }
        if let calls = fields["tool_calls"] {
            guard let calls = calls.array else { throw .message("tool_calls must be a list, not \(calls.kind)") }
            fields["tool_calls"] = .array(calls.map(Self.withParsedArguments))
        }
        self.fields = fields
    }

    public var role: ChatRole { ChatRole(rawValue: fields["role"]?.string ?? "") }

    /// The text of the content, parts joined by line breaks; nil where there is none.
    public var content: String? {
        switch fields["content"] {
        case .string(let text): text
        case .array(let parts): parts.compactMap { $0.object?["text"]?.string }.joined(separator: "\n")
        default: nil
        }
    }

    /// Anything else the message has; null takes a field away.
    public subscript(field name: String) -> JSONValue? {
        get { fields[name] }
        set { fields[name] = newValue == .null ? nil : newValue }
    }

    /// The same message with its content in one piece.
    var withJoinedParts: ChatMessage {
        guard case .array = fields["content"], let content else { return self }
        var message = self
        message.fields["content"] = .string(content)
        return message
    }

    /// The same message with this content, which may be null.
    func replacingContent(with content: JSONValue) -> ChatMessage {
        var message = self
        message.fields["content"] = content
        return message
    }

    var hasParts: Bool { if case .array = fields["content"] { true } else { false } }

    /// As a template gets it. Reasoning has several names in use; each template finds the one it knows.
    var templateInput: TemplateInput {
        var members = fields.members.map { member in
            (key: member.key, value: input(of: member))
        }
        let reasoning = ["reasoning_content", "thinking", "reasoning"].lazy.compactMap { fields[$0] }.first
        if let reasoning {
            if fields["thinking"] == nil { members.insert(("thinking", reasoning.templateInput), at: 0) }
            members.removeAll { $0.key.hasBytes(of: "reasoning_content") }
            members.append(("reasoning_content", reasoning.templateInput))
        }
        return .mapping(members)
    }

    private func input(of member: JSONObject.Member) -> TemplateInput {
        guard member.key.hasBytes(of: "role"), let role = member.value.string, ChatRole.known.contains(role) else {
            return member.value.templateInput
        }
        return .text(role)
    }

    private static func check(_ content: JSONValue?) throws(ChatTemplateError) {
        switch content {
        case nil, .string, .object, .array: return
        case let other?:
            throw .message("the content of a message must be a string or a list of parts, not \(other.kind)")
        }
    }

    /// A part that is text, as templates know it; clients have other names for some.
    private static func textPart(_ part: JSONValue) throws(ChatTemplateError) -> JSONValue {
        func plain(_ text: JSONValue) -> JSONValue { .object(["type": .string("text"), "text": text]) }
        if part.string != nil { return plain(part) }
        let type = part.object?["type"]?.string ?? "unknown"
        switch type {
        case "text" where part["text"]?.string != nil: return part
        case "input_text", "output_text": if let text = part["text"], text.string != nil { return plain(text) }
        case "refusal": if let text = part["refusal"], text.string != nil { return plain(text) }
        default: break
        }
        throw .message("a part of a message's content is of type '\(type.prefix(40))': only text can be taken")
    }

    private static func withParsedArguments(_ call: JSONValue) -> JSONValue {
        guard var object = call.object, var function = object["function"]?.object else { return call }
        guard let text = function["arguments"]?.string else { return call }
        // What some clients send for a call without arguments.
        if text.isEmpty {
            function["arguments"] = .object([:])
        } else if let parsed = JSONValue(parsing: text), parsed.object != nil {
            function["arguments"] = parsed
        } else {
            return call
        }
        object["function"] = .object(function)
        return .object(object)
    }
}
