/// A template, read and ready to be rendered; any number of threads may share one.
///
/// The language is Jinja's, with the values of Python, as Hugging Face transformers sets it up for chat templates:
/// `trim_blocks`, `lstrip_blocks`, the immutable sandbox, `break` and `continue`, `generation` blocks, its `tojson`,
/// `raise_exception` and `strftime_now`. There is one template: nothing can be included or extended. Whole numbers have
/// 64 bits, and what does not fit is an error.
///
/// A template is a program from wherever the model file came from. It can read what it is given and nothing else, and
/// steps, memory, depth and length are limited. No template makes this trap or hang.
public struct Template: Sendable {
    private let statements: [Statement]
    private let limits: Limits

    public init(_ source: String, limits: Limits = Limits()) throws(TemplateError) {
        do {
            statements = try Parser.statements(of: source)
            self.limits = limits
        } catch let error as TemplateError {
            throw error
        } catch { throw TemplateError(.syntax, "\(error)", line: 1) }
    }

    /// - Parameters:
    ///   - variables: What the template can name.
    ///   - date: What `strftime_now` takes for now.
    public func render(
        _ variables: [(name: String, value: TemplateInput)], date: LocalTime? = nil
    ) throws(TemplateError) -> [RenderedSpan] {
        let size = variables.reduce(0) { $0 + $1.value.size }
        let interpreter = Interpreter(limits: limits, date: date, inputSize: size)
        do {
            for (name, value) in variables { interpreter.root.set(name, try interpreter.value(value)) }
            return try interpreter.render(statements).spans
        } catch let error as TemplateError {
            throw error
        } catch { throw TemplateError(.failure, "\(error)", line: interpreter.line) }
    }
}

/// A stretch of a result, by who wrote it.
public struct RenderedSpan: Sendable, Equatable {
    public let text: String
    /// Whether it came with the input, rather than from the template.
    public let isData: Bool

    public init(text: String, isData: Bool) {
        self.text = text
        self.isData = isData
    }
}

extension [TextUnit] {
    fileprivate var spans: [RenderedSpan] {
        var spans: [RenderedSpan] = []
        var rest = self[...]
        while let first = rest.first {
            let end = rest.firstIndex { $0.isData != first.isData } ?? rest.endIndex
            spans.append(RenderedSpan(text: rest[..<end].string, isData: first.isData))
            rest = rest[end...]
        }
        return spans
    }
}
