/// What can be done.
indirect enum Statement: Sendable {
    case text([TextUnit])
    case output(Expression, line: Int)
    case branch([(test: Expression, line: Int, body: [Statement])], otherwise: [Statement])
    case loop(LoopDefinition)
    case set(Target, Expression, line: Int)
    /// `{% set x | filters %}...{% endset %}`
    case setBlock(Target, [Step], [Statement], line: Int)
    case with([(target: Target, value: Expression)], [Statement], line: Int)
    case macro(MacroDefinition)
    /// `{% call(...) m(...) %}...{% endcall %}`; the definition is what `caller` is.
    case callBlock(Expression, Step, MacroDefinition)
    case filterBlock([Step], [Statement], line: Int)
    /// A block whose variables are its own.
    case scope([Statement])
    case breakLoop
    case continueLoop
}

/// What a value is assigned to.
indirect enum Target: Sendable {
    case name(String)
    /// `ns.name`
    case attribute(of: String, String)
    case tuple([Target])
}

struct LoopDefinition: Sendable {
    let target: Target
    let items: Expression
    /// `if ...`
    let condition: Expression?
    let isRecursive: Bool
    let body: [Statement]
    let otherwise: [Statement]
    let line: Int
}

struct MacroDefinition: Sendable {
    let name: String
    let parameters: [String]
    /// For the last parameters.
    let defaults: [Expression]
    let body: [Statement]
    /// Whether its body asks for `varargs`, `kwargs` or `caller`.
    let takesMore: (varargs: Bool, kwargs: Bool, caller: Bool)
    let line: Int
}
