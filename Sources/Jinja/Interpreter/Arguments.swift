/// What a function, filter or test is called with.
struct Arguments {
    var positional: [Value] = []
    var named: [(name: String, value: Value)] = []

    var isEmpty: Bool { positional.isEmpty && named.isEmpty }

    subscript(name: String) -> Value? { named.first { $0.name == name }?.value }
}

/// Arguments matched with a function's parameters.
struct Bound {
    private let values: [String: Value]

    /// - Parameter required: How many of the parameters must be given.
    init(
        _ arguments: Arguments, _ parameters: [String], required: Int = 0, of function: String,
        _ interpreter: Interpreter
    ) throws {
        guard arguments.positional.count <= parameters.count else {
            throw interpreter.fault(
                "\(function)() takes at most \(parameters.count) arguments, \(arguments.positional.count) are given")
        }
        var values = Dictionary(uniqueKeysWithValues: zip(parameters, arguments.positional))
        for (name, value) in arguments.named {
            guard parameters.contains(name) else { throw interpreter.fault("\(function)() has no argument '\(name)'") }
            guard values.updateValue(value, forKey: name) == nil else {
                throw interpreter.fault("\(function)() has '\(name)' twice")
            }
        }
        if let missing = parameters.prefix(required).first(where: { values[$0] == nil }) {
            throw interpreter.fault("\(function)() needs '\(missing)'")
        }
        self.values = values
    }

    subscript(name: String) -> Value? { values[name] }
}
