/// A dictionary that keeps its order; shared, never changed.
final class Mapping {
    typealias Entry = (key: Value, value: Value)

    let entries: [Entry]
    let depth: Int
    /// Where a key's entry is.
    private let places: [Key: Int]

    /// Of entries with equal keys the last value counts, at the first one's place.
    /// Made by ``Interpreter/mapping(_:)``, which counts.
    init(_ pairs: [(key: Key, entry: Entry)], depth: Int) {
        var entries: [Entry] = []
        var places: [Key: Int] = [:]
        for pair in pairs {
            if let place = places[pair.key] {
                entries[place].value = pair.entry.value
            } else {
                places[pair.key] = entries.count
                entries.append(pair.entry)
            }
        }
        self.entries = entries
        self.places = places
        self.depth = depth
    }

    subscript(key: Key) -> Value? { places[key].map { entries[$0].value } }
}

/// What a mapping looks values up by: equal numbers of different types are one key, as in Python.
enum Key: Hashable {
    case none
    case int(Int)
    case float(Double)
    case text([TextUnit])
    case undefined

    /// nil for values that cannot be keys.
    init?(_ value: Value) {
        switch value {
        case .none: self = .none
        case .bool(let bool): self = .int(bool ? 1 : 0)
        case .int(let int): self = .int(int)
        case .float(let float): self = Int(exactly: float).map(Key.int) ?? .float(float)
        case .text(let text): self = .text(text.units)
        case .undefined: self = .undefined
        case .list, .tuple, .mapping, .range, .view, .iterator, .namespace, .loop, .macro, .function: return nil
        }
    }

    init(_ name: String) { self = .text(Array(name)) }
}
