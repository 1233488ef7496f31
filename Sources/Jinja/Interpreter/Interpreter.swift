/// Renders one template once. Everything that a template can make large, deep or long is counted here.
final class Interpreter {
    let limits: Limits
    let date: LocalTime?
    /// Variables given to the template; `set` at the outermost level adds to them.
    let root = Scope(in: nil)
    var output: [TextUnit] = []
    /// The line that is being rendered.
    var line = 1
    private var stepsLeft: Int
    private var memoryLeft: Int
    private var depth = 0
    /// Whatever may refer to itself; taken apart in the end, so that no rendering leaves memory behind.
    private var macroScopes: [Scope] = []
    private var namespaces: [Namespace] = []

    init(limits: Limits, date: LocalTime?, inputSize: Int) {
        self.limits = limits
        self.date = date
        stepsLeft = limits.steps
        memoryLeft = limits.memory + inputSize.multipliedReportingOverflow(by: limits.memoryPerInputByte).partialValue
    }

    func render(_ statements: [Statement]) throws -> [TextUnit] {
        defer {
            for scope in macroScopes { scope.clear() }
            for namespace in namespaces { namespace.attributes.removeAll() }
        }
        _ = try run(statements, root)
        return output
    }

    // MARK: Faults

    func fault(_ message: String) -> TemplateError { TemplateError(.failure, message, line: line) }

    func fault(_ undefined: Undefined) -> TemplateError { fault(undefined.message) }

    private func limit(_ message: String) -> TemplateError { TemplateError(.limit, message, line: line) }

    // MARK: Counting

    @inline(__always)
    func step(_ count: Int = 1) throws {
        stepsLeft -= count
        if stepsLeft < 0 { throw limit("rendering takes more than \(limits.steps) steps") }
    }

    /// Counts `count` new parts of a text, before they are made.
    func charge(units count: Int) throws { try charge(bytes: count, each: MemoryLayout<TextUnit>.stride) }

    /// Counts `count` new values of a list or mapping, before they are made.
    func charge(values count: Int) throws { try charge(bytes: count, each: MemoryLayout<Value>.stride + 16) }

    private func charge(bytes count: Int, each size: Int) throws {
        let (bytes, overflows) = count.multipliedReportingOverflow(by: size)
        if overflows || bytes > memoryLeft {
            throw limit("rendering takes more than \(limits.memory >> 20) MiB of memory")
        }
        memoryLeft -= bytes
    }

    /// Counts what is being rendered inside each other.
    @inline(__always)
    func nested<Result>(_ body: () throws -> Result) throws -> Result {
        if depth >= limits.depth {
            throw limit("more than \(limits.depth) expressions, blocks and calls inside each other")
        }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    // MARK: Making values

    private func depth(over items: some Sequence<Value>) throws -> Int {
        let depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
        if depth > Limits.valueDepth {
            throw limit("more than \(Limits.valueDepth) lists and mappings inside each other")
        }
        return depth
    }

    func makeList(_ items: [Value], isGroup: Bool = false) throws -> List {
        try charge(values: items.count + 1)
        return List(items, depth: try depth(over: items), isGroup: isGroup)
    }

    func list(_ items: [Value]) throws -> Value { .list(try makeList(items)) }
    func tuple(_ items: [Value]) throws -> Value { .tuple(try makeList(items)) }
    func iterator(_ items: [Value]) throws -> Value { .iterator(Iterator(try makeList(items))) }

    func mapping(_ entries: [Mapping.Entry]) throws -> Value {
        try charge(values: 4 * entries.count + 1)
        let depth = try depth(over: entries.lazy.map(\.value))
        let pairs = try entries.map { entry in (key: try key(entry.key), entry: entry) }
        return .mapping(Mapping(pairs, depth: depth))
    }

    func key(_ value: Value) throws -> Key {
        guard let key = Key(value) else { throw fault("\(article(value.typeName)) cannot be the key of a mapping") }
        return key
    }

    func text(_ units: [TextUnit]) throws -> Value {
        try charge(units: units.count)
        return .text(units)
    }

    func text(_ text: Text) throws -> Value {
        try charge(units: text.count)
        return .text(text)
    }

    func makeNamespace() throws -> Namespace {
        try charge(values: 4)
        let namespace = Namespace()
        namespaces.append(namespace)
        return namespace
    }

    func makeMacro(_ definition: MacroDefinition, _ scope: Scope) throws -> Macro {
        try charge(values: 4)
        if macroScopes.last !== scope { macroScopes.append(scope) }
        return Macro(definition, scope)
    }

    /// A function of a value, such as a method.
    func function(_ name: String, of value: Value, _ body: @escaping Function.Body) throws -> Value {
        .function(Function(name, depth: try depth(over: [value]), body))
    }

    // MARK: Output

    func write(_ units: [TextUnit]) throws {
        try charge(units: units.count)
        if output.count + units.count > limits.outputLength {
            throw limit("the result is longer than \(limits.outputLength) characters")
        }
        output += units
    }

    /// What `body` writes, instead of writing it.
    func captured<Result>(_ body: () throws -> Result) throws -> (Result, Text) {
        let outer = output
        output = []
        defer { output = outer }
        let result = try body()
        return (result, Text(output))
    }
}

/// `name` with its article, for messages.
func article(_ name: String) -> String {
    (name.first.map { "aeiouAEIOU".contains($0) } ?? false) ? "an \(name)" : "a \(name)"
}
