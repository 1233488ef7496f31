/// What can be computed. Operators of one rank, and what follows a value (`a.b[0](x)|f is t`), are lists rather than
/// nested, so that the tree is only as deep as the source has brackets.
indirect enum Expression: Sendable {
    case constant(Literal)
    case name(String)
    case list([Expression])
    case tuple([Expression])
    case mapping([(key: Expression, value: Expression)])
    case negated(Expression)
    case affirmed(Expression)
    /// From left to right.
    case arithmetic(Expression, [(operation: Arithmetic, operand: Expression)])
    case concatenation([Expression])
    /// `a < b <= c` is `a < b and b <= c`.
    case comparison(Expression, [(operation: Comparison, operand: Expression)])
    case all([Expression])
    case any([Expression])
    case not(Expression)
    case conditional(Expression, then: Expression, otherwise: Expression?)
    case path(Expression, [Step])
}

enum Literal: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case text([TextUnit])
}

enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case power = "**"
}

enum Comparison: String, Sendable {
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case isNotIn = "not in"
}

/// What follows a value.
struct Step: Sendable {
    enum Kind: Sendable {
        case attribute(String)
        case item(Expression)
        case slice(from: Expression?, to: Expression?, by: Expression?)
        case call(CallArguments)
        case filter(String, CallArguments)
        case test(String, CallArguments, isNegated: Bool)
    }

    let kind: Kind
    let line: Int
}

struct CallArguments: Sendable {
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
    /// `*list`
    var list: Expression?
    /// `**mapping`
    var mapping: Expression?
}
