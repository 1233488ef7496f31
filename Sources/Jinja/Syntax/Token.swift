/// The smallest part of a template's source that means something.
struct Token: Sendable {
    enum Kind: Equatable, Sendable {
        case data([TextUnit])
        case blockBegin, blockEnd, variableBegin, variableEnd
        case name(String)
        case text([TextUnit])
        case integer(Int)
        case float(Double)
        /// One of the operators and brackets, such as `**`.
        case symbol(String)
        case end
    }

    let kind: Kind
    let line: Int

    /// As error messages name it.
    var name: String {
        switch kind {
        case .data: "text"
        case .blockBegin: "{%"
        case .blockEnd: "%}"
        case .variableBegin: "{{"
        case .variableEnd: "}}"
        case .name(let name): "'\(name)'"
        case .text: "a string"
        case .integer, .float: "a number"
        case .symbol(let symbol): "'\(symbol)'"
        case .end: "the end of the template"
        }
    }
}
