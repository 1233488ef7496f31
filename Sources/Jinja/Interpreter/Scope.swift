/// Variables of a block, in front of those of the blocks around it.
final class Scope {
    private var variables: [String: Value] = [:]
    private let parent: Scope?

    init(in parent: Scope?) { self.parent = parent }

    func value(_ name: String) -> Value? {
        var scope: Scope? = self
        while let current = scope {
            if let value = current.variables[name] { return value }
            scope = current.parent
        }
        return nil
    }

    func set(_ name: String, _ value: Value) { variables[name] = value }

    func clear() { variables.removeAll() }
}
