import Glibc

extension Interpreter {
    static let numberFilters: [String: Filter] = [
        "int": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["default", "base"], of: "int", interpreter)
            if case .undefined(let undefined) = value { throw interpreter.fault(undefined) }
            let base = try interpreter.integer(bound["base"], "base", default: 10)
            return try interpreter.wholeNumber(value, base: base) ?? bound["default"] ?? .int(0)
        },
        "float": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["default"], of: "float", interpreter)
            if case .undefined(let undefined) = value { throw interpreter.fault(undefined) }
            return interpreter.floatingNumber(value).map(Value.float) ?? bound["default"] ?? .float(0)
        },
        "abs": { interpreter, value, _ in
            if case .float(let number) = value { return .float(number.magnitude) }
            guard let number = try interpreter.numeric(value, "abs").integer else { return value }
            return number < 0 ? try interpreter.negative(.int(number)) : .int(number)
        },
        "round": { try $0.round($1, $2) },
        "sum": { interpreter, value, arguments in
            let bound = try Bound(arguments, ["attribute", "start"], of: "sum", interpreter)
            return try interpreter.elements(of: value).reduce(bound["start"] ?? .int(0)) { sum, item in
                try interpreter.step()
                return try interpreter.arithmetic(.add, sum, interpreter.attribute(bound["attribute"], of: item))
            }
        },
    ]

    /// A number cut to a whole one, or what a string says; nil where that is none.
    private func wholeNumber(_ value: Value, base: Int) throws -> Value? {
        if let integer = value.integer { return .int(integer) }
        if case .text(let text) = value, let integer = try NumberText.integer(text.string, base: base, fault) {
            return .int(integer)
        }
        guard let number = floatingNumber(value), number.isFinite else { return nil }
        guard let whole = Int(exactly: number.rounded(.towardZero)) else {
            throw fault("a number is too large: whole numbers have 64 bits here")
        }
        return .int(whole)
    }

    private func floatingNumber(_ value: Value) -> Double? {
        if case .text(let text) = value { NumberText.float(text.string) } else { value.number }
    }

    private func round(_ value: Value, _ arguments: Arguments) throws -> Value {
        let bound = try Bound(arguments, ["precision", "method"], of: "round", self)
        let precision = max(-400, try integer(bound["precision"], "precision", default: 0))
        let method = try bound["method"].map { try text(of: $0).string } ?? "common"
        guard ["common", "ceil", "floor"].contains(method) else { throw fault("round knows common, ceil and floor") }
        let number = try numeric(value, "round")
        if method == "common" {
            if let integer = number.integer {
                return .int(precision >= 0 ? integer : try rounded(integer, tens: -precision))
            }
            return .float(Self.rounded(number.number!, digits: precision))
        }
        let factor = pow(10, Double(precision))
        let scaled = number.number! * factor
        guard scaled.isFinite, factor.isFinite, factor != 0 else { throw fault("round: a number is too large") }
        return .float((method == "ceil" ? scaled.rounded(.up) : scaled.rounded(.down)) / factor)
    }

    /// A whole number rounded to a multiple of a power of ten, halves to the even one.
    private func rounded(_ value: Int, tens: Int) throws -> Int {
        guard tens < 19 else { return 0 }
        let unit = (0..<tens).reduce(1) { power, _ in power * 10 }
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: unit)
        let half = rest.magnitude.multipliedReportingOverflow(by: 2)
        let isUp = half.overflow || half.partialValue > unit || half.partialValue == unit && quotient % 2 != 0
        let (result, overflows) = (quotient + (isUp ? value.signum() : 0)).multipliedReportingOverflow(by: unit)
        if overflows { throw fault("a number is too large: whole numbers have 64 bits here") }
        return result
    }

    /// The nearest number with so many decimal digits, by its exact value.
    private static func rounded(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, digits < 309 else { return value }
        guard digits >= 0 else {
            if digits < -308 { return 0 * value }
            let unit = pow(10, Double(-digits))
            let result = (value / unit).rounded(.toNearestOrEven) * unit
            return result
        }
        return Double(NumberText.fixed(value, digits: digits)) ?? value
    }
}
