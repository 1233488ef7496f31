/// A stretch of a rendered conversation, by who wrote it: only what the template wrote may contain special tokens.
public enum ChatSegment: Sendable, Equatable {
    /// Text of the model's template: `<|im_start|>` in it is a special token.
    case template(String)
    /// Text from a message: `<|im_start|>` in it is thirteen characters.
    case content(String)

    public var text: String {
        switch self {
        case .template(let text), .content(let text): text
        }
    }

    /// The same kind of segment with another text.
    private func with(_ text: some StringProtocol) -> ChatSegment {
        switch self {
        case .template: .template(String(text))
        case .content: .content(String(text))
        }
    }

    fileprivate func dropping(leading: Bool, trailing: Bool) -> ChatSegment {
        var scalars = text.unicodeScalars[...]
        if leading { scalars = scalars.drop(while: Self.isWhitespace) }
        if trailing { while let last = scalars.last, Self.isWhitespace(last) { scalars.removeLast() } }
        return with(Substring(scalars))
    }

    /// What Python's `str.strip` takes off: Unicode's white space and the four information separators.
    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }
}

extension [ChatSegment] {
    /// White space taken off both ends of the whole, as the templates' `trim` and `strip()` do.
    func trimmed() -> [ChatSegment] {
        var segments = self[...]
        while let first = segments.first {
            let rest = first.dropping(leading: true, trailing: false)
            segments.removeFirst()
            if rest.text.isEmpty { continue }
            segments = [rest] + segments
            break
        }
        while let last = segments.popLast() {
            let rest = last.dropping(leading: false, trailing: true)
            if rest.text.isEmpty { continue }
            segments.append(rest)
            break
        }
        return Array(segments)
    }

    /// Neighbours of the same kind put together, empty ones left out.
    func joined() -> [ChatSegment] {
        reduce(into: []) { joined, segment in
            switch (joined.last, segment) {
            case (_, let segment) where segment.text.isEmpty: break
            case (.template(let before), .template(let text)): joined[joined.count - 1] = .template(before + text)
            case (.content(let before), .content(let text)): joined[joined.count - 1] = .content(before + text)
            default: joined.append(segment)
            }
        }
    }
}
