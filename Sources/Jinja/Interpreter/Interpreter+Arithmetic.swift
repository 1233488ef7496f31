import Glibc

extension Interpreter {
    func arithmetic(_ operation: Arithmetic, _ left: Value, _ right: Value) throws -> Value {
        if case .undefined(let undefined) = left { throw fault(undefined) }
        if let result = try textual(operation, left, right) { return result }
        if case .undefined(let undefined) = right { throw fault(undefined) }
        if operation == .add, let result = try joined(left, right) { return result }
        if operation == .multiply, let result = try repeated(left, right) { return result }
        if let a = left.integer, let b = right.integer { return try whole(operation, a, b) }
        guard let a = left.number, let b = right.number else {
            throw fault(
                "'\(operation.rawValue)' does not go with \(article(left.typeName)) and \(article(right.typeName))")
        }
        return .float(try floating(operation, a, b))
    }

    func numeric(_ value: Value, _ operation: String) throws -> Value {
        if case .undefined(let undefined) = value { throw fault(undefined) }
        guard value.number != nil else { throw fault("'\(operation)' does not go with \(article(value.typeName))") }
        return value
    }

    func negative(_ value: Value) throws -> Value {
        if case .float(let number) = try numeric(value, "-") { return .float(-number) }
        return try arithmetic(.subtract, .int(0), value)
    }

    private func textual(_ operation: Arithmetic, _ left: Value, _ right: Value) throws -> Value? {
        guard case .text(let left) = left else { return nil }
        if operation == .remainder { return .text(try percentFormat(left, right)) }
        guard operation == .add, case .text(let right) = right else { return nil }
        let isMarkup = left.isMarkup || right.isMarkup
        let (a, b) = isMarkup ? (left.escaped.units, right.escaped.units) : (left.units, right.units)
        try charge(units: a.count + b.count)
        return .text(Text(a + b, isMarkup: isMarkup))
    }

    private func joined(_ left: Value, _ right: Value) throws -> Value? {
        switch (left, right) {
        case (.list(let a), .list(let b)): try list(a.items + b.items)
        case (.tuple(let a), .tuple(let b)): try tuple(a.items + b.items)
        default: nil
        }
    }

    private func repeated(_ left: Value, _ right: Value) throws -> Value? {
        let (items, count) = left.integer != nil ? (right, left.integer) : (left, right.integer)
        guard let count else { return nil }
        switch items {
        case .text(let text):
            let times = text.isEmpty ? 0 : max(0, count)
            try charge(units: try product(text.count, times))
            return .text(text.with(Array(repeatElement(text.units, count: times).joined())))
        case .list(let list), .tuple(let list):
            let times = list.items.isEmpty ? 0 : max(0, count)
            try charge(values: try product(list.items.count, times))
            let all = Array(repeatElement(list.items, count: times).joined())
            if case .list = items { return try self.list(all) } else { return try tuple(all) }
        default: return nil
        }
    }

    private func product(_ a: Int, _ b: Int) throws -> Int {
        a.multipliedReportingOverflow(by: b).overflow ? Int.max : a * b
    }

    private func whole(_ operation: Arithmetic, _ a: Int, _ b: Int) throws -> Value {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .power where b >= 0: result = Self.power(a, b)
        case .divide, .power: return .float(try floating(operation, Double(a), Double(b)))
        case .floorDivide, .remainder:
            if b == 0 { throw fault("division by zero") }
            if b == -1 {
                result = operation == .remainder ? (0, false) : Int(0).subtractingReportingOverflow(a)
                break
            }
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            let isBelow = remainder != 0 && (remainder < 0) != (b < 0)
            return .int(operation == .remainder ? remainder + (isBelow ? b : 0) : quotient - (isBelow ? 1 : 0))
        }
        if result.overflow { throw fault("a number is too large: whole numbers have 64 bits here") }
        return .int(result.partialValue)
    }

    private static func power(_ base: Int, _ exponent: Int) -> (partialValue: Int, overflow: Bool) {
        if exponent == 0 || base == 1 { return (1, false) }
        if base == 0 { return (0, false) }
        if base == -1 { return (exponent % 2 == 0 ? 1 : -1, false) }
        if exponent > 63 { return (0, true) }
        var result = (partialValue: 1, overflow: false)
        for _ in 0..<exponent {
            result = result.partialValue.multipliedReportingOverflow(by: base)
            if result.overflow { return result }
        }
        return result
    }

    private func floating(_ operation: Arithmetic, _ a: Double, _ b: Double) throws -> Double {
        switch operation {
        case .add: return a + b
        case .subtract: return a - b
        case .multiply: return a * b
        case .divide, .floorDivide, .remainder:
            if b == 0 { throw fault("division by zero") }
            if operation == .divide { return a / b }
            let (quotient, remainder) = Self.divided(a, b)
            return operation == .remainder ? remainder : quotient
        case .power:
            if a == 0, b < 0 { throw fault("zero cannot be raised to a negative power") }
            let result = pow(a, b)
            if result.isNaN, !a.isNaN, !b.isNaN { throw fault("a power of a negative number is not real") }
            if result.isInfinite, a.isFinite, b.isFinite { throw fault("a number is too large") }
            return result
        }
    }

    /// Division that rounds down, as Python's for floating-point numbers.
    private static func divided(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double) {
        var remainder = fmod(a, b)
        var quotient = (a - remainder) / b
        if remainder != 0 {
            if (b < 0) != (remainder < 0) {
                remainder += b
                quotient -= 1
            }
        } else {
            remainder = b.sign == .minus ? -0.0 : 0.0
        }
        guard quotient != 0 else { return ((a / b).sign == .minus ? -0.0 : 0.0, remainder) }
        let floor = quotient.rounded(.down)
        return (quotient - floor > 0.5 ? floor + 1 : floor, remainder)
    }
}
