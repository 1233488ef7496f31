extension Interpreter {
    func equal(_ left: Value, _ right: Value) throws -> Bool {
        try step()
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.text(let a), .text(let b)):
            try step(min(a.count, b.count) / 8)
            return a.units == b.units
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
            return try a === b || equal(a.items, b.items)
        case (.mapping(let a), .mapping(let b)):
            if a === b { return true }
            guard a.entries.count == b.entries.count else { return false }
            return try nested {
                for entry in a.entries {
                    guard let other = Key(entry.key).flatMap({ b[$0] }), try equal(entry.value, other) else {
                        return false
                    }
                }
                return true
            }
        case (.range(let a), .range(let b)):
            return a.count == b.count && (a.count == 0 || a.start == b.start && (a.count == 1 || a.step == b.step))
        case (.view(let a), .view(let b)): return a.items === b.items
        case (.iterator(let a), .iterator(let b)): return a === b
        case (.namespace(let a), .namespace(let b)): return a === b
        case (.loop(let a), .loop(let b)): return a === b
        case (.macro(let a), .macro(let b)): return a === b
        case (.function(let a), .function(let b)): return a === b
        default: return Self.equalNumbers(left, right) ?? false
        }
    }

    func equal(_ left: [Value], _ right: [Value]) throws -> Bool {
        guard left.count == right.count else { return false }
        return try nested {
            for (a, b) in zip(left, right) { guard try equal(a, b) else { return false } }
            return true
        }
    }

    private static func equalNumbers(_ left: Value, _ right: Value) -> Bool? {
        if let a = left.integer, let b = right.integer { return a == b }
        if let a = left.integer, case .float(let b) = right { return Int(exactly: b) == a }
        if case .float(let a) = left, let b = right.integer { return Int(exactly: a) == b }
        if case .float(let a) = left, case .float(let b) = right { return a == b }
        return nil
    }

    func isLess(_ left: Value, _ right: Value, _ operation: String, orEqual: Bool = false) throws -> Bool {
        try step()
        for value in [left, right] { if case .undefined(let undefined) = value { throw fault(undefined) } }
        switch (left, right) {
        case (.text(let a), .text(let b)):
            try step(min(a.count, b.count) / 8)
            return orEqual ? !b.units.lexicographicallyPrecedes(a.units) : a.units.lexicographicallyPrecedes(b.units)
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
            for (x, y) in zip(a.items, b.items) where try !nested({ try equal(x, y) }) {
                return try nested { try isLess(x, y, operation, orEqual: orEqual) }
            }
            return orEqual ? a.items.count <= b.items.count : a.items.count < b.items.count
        default: break
        }
        if let a = left.integer, let b = right.integer { return orEqual ? a <= b : a < b }
        guard let a = left.number, let b = right.number else {
            throw fault("'\(operation)' does not go with \(article(left.typeName)) and \(article(right.typeName))")
        }
        if orEqual, Self.equalNumbers(left, right) == true { return true }
        return a < b
    }

    /// `item in container`
    func contains(_ container: Value, _ item: Value) throws -> Bool {
        switch container {
        case .text(let text):
            guard case .text(let part) = item else {
                throw fault("only a string can be in a string, not \(article(item.typeName))")
            }
            return try firstPlace(of: part.units, in: text.units[...]) != nil
        case .mapping(let mapping): return mapping[try key(item)] != nil
        case .range(let range):
            guard let number = item.integer ?? item.number.flatMap({ Int(exactly: $0) }) else { return false }
            let (distance, overflows) = number.subtractingReportingOverflow(range.start)
            guard !overflows, range.step != 0 else { return false }
            let (place, isTooFar) = distance.dividedReportingOverflow(by: range.step)
            return !isTooFar && (0..<range.count).contains(place) && range[place] == number
        default: return try elements(of: container).contains { try equal($0, item) }
        }
    }

    /// Where `part` begins in `text`; work that grows with both is counted.
    func firstPlace(of part: [TextUnit], in text: ArraySlice<TextUnit>) throws -> Int? {
        guard let first = part.first else { return text.startIndex }
        guard part.count <= text.count else { return nil }
        let lastStart = text.endIndex - part.count
        var start = text.startIndex
        while start <= lastStart {
            guard let next = text[start...lastStart].firstIndex(of: first) else { break }
            try step((next - start) / 32)
            var length = 1
            while length < part.count, text[next + length] == part[length] { length += 1 }
            if length == part.count { return next }
            try step(1 + length / 8)
            start = next + 1
        }
        try step(max(0, lastStart - start) / 32)
        return nil
    }

    /// `items` in order; equal ones stay as they were.
    func sorted<Item>(_ items: [Item], by key: (Item) throws -> Value) throws -> [Item] {
        let keyed = try items.map { (key: try key($0), item: $0) }
        return try merged(keyed[...]).map(\.item)
    }

    private func merged<Item>(_ items: ArraySlice<(key: Value, item: Item)>) throws -> [(key: Value, item: Item)] {
        guard items.count > 1 else { return Array(items) }
        let middle = items.startIndex + items.count / 2
        let (left, right) = (try merged(items[..<middle]), try merged(items[middle...]))
        var result: [(key: Value, item: Item)] = []
        result.reserveCapacity(items.count)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if try isLess(right[j].key, left[i].key, "<") {
                result.append(right[j])
                j += 1
            } else {
                result.append(left[i])
                i += 1
            }
        }
        return result + left[i...] + right[j...]
    }
}
