import OrderedJSON

/// A last message that the model is to write on, as Hugging Face's `continue_final_message` has it: what the template
/// writes ends with the message's text.
extension Conversation {
    /// Marks the end of the last message's text, until the template has written it, with a space behind it. Where that is
    /// gone, the template trims texts: then what stands before the mark is trimmed too.
    private static let mark = "\u{E000}the rest\u{E001}"

    /// What `render` makes of the conversation, up to the end of the last message's text.
    func upToLastText(
        _ render: (Conversation) throws(ChatTemplateError) -> [ChatSegment]
    ) throws(ChatTemplateError) -> [ChatSegment] {
        guard let marked = messages.last?.appendingToContent(Self.mark + " ") else {
            throw .message("the last message has no text that could be continued")
        }
        var conversation = self
        conversation.messages[messages.count - 1] = marked
        guard let segments = try render(conversation).before(Self.mark) else {
            throw .message("the chat template does not write the last message as it came, so it cannot be continued")
        }
        return segments
    }
}

extension ChatMessage {
    /// The message with more at the end of its text; nil where it has none.
    fileprivate func appendingToContent(_ more: String) -> ChatMessage? {
        switch self[field: "content"] {
        case .string(let text): return replacingContent(with: .string(text + more))
        case .array(var parts):
            guard let last = parts.indices.last, var part = parts[last].object, let text = part["text"]?.string else {
                return nil
            }
            part["text"] = .string(text + more)
            parts[last] = .object(part)
            return replacingContent(with: .array(parts))
        default: return nil
        }
    }
}

extension [ChatSegment] {
    /// What stands before `mark`; nil where it does not come.
    fileprivate func before(_ mark: String) -> [ChatSegment]? {
        let mark = [Unicode.Scalar](mark.unicodeScalars)
        for (index, segment) in enumerated().reversed() {
            guard case .content(let text) = segment else { continue }
            let scalars = [Unicode.Scalar](text.unicodeScalars)
            guard let place = scalars.indices.last(where: { scalars[$0...].starts(with: mark) }) else { continue }
            let rest = self[(index + 1)...].lazy.compactMap { $0.text.unicodeScalars.first }
            let next = scalars[(place + mark.count)...].first ?? rest.first
            let segments = self[..<index] + [.content(String(String.UnicodeScalarView(scalars[..<place])))]
            return next == " " ? Array(segments) : segments.withoutSpaceAtEnd
        }
        return nil
    }
}

extension ArraySlice<ChatSegment> {
    fileprivate var withoutSpaceAtEnd: [ChatSegment] {
        var segments = Array(self)
        while let last = segments.popLast() {
            var scalars = last.text.unicodeScalars
            while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
            if scalars.isEmpty { continue }
            if case .template = last { return segments + [.template(String(scalars))] }
            return segments + [.content(String(scalars))]
        }
        return []
    }
}
