/// Why a template cannot be read, or cannot be rendered.
public struct TemplateError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The source is no template.
        case syntax
        /// Rendering it meets something that cannot be done.
        case failure
        /// The template itself refused its input, with `raise_exception`.
        case refusal
        /// It took more than the limits allow.
        case limit
    }

    public let kind: Kind
    /// What is wrong, without the place.
    public let message: String
    /// The line of the template, from 1 on.
    public let line: Int

    init(_ kind: Kind, _ message: String, line: Int) {
        self.kind = kind
        self.message = Self.printable(message)
        self.line = line
    }

    public var description: String { "line \(line): \(message)" }

    /// Messages may hold text of a template from anywhere: one line, no control characters, and an end.
    private static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for (index, scalar) in text.unicodeScalars.enumerated() {
            if index == 400 { return String(result) + "..." }
            let isControl = [.control, .format, .lineSeparator, .paragraphSeparator].contains(
                scalar.properties.generalCategory)
            result.append(isControl ? " " : scalar)
        }
        return String(result)
    }
}
