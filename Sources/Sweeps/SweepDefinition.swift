/// What makes two sweeps the same one: everything that decides what is measured and where.
public struct SweepDefinition: Codable, Equatable, Sendable {
    public var version: String
    public var model: String
    public var hostfile: String?
    public var promptTokens: Int
    public var generateTokens: Int
    public var repetitions: Int
    public var grid: SweepGrid
    /// Flags that `bench` gets as they are.
    public var passedOn: [String]

    public init(
        version: String, model: String, hostfile: String?, promptTokens: Int, generateTokens: Int, repetitions: Int,
        grid: SweepGrid, passedOn: [String]
    ) {
        self.version = version
        self.model = model
        self.hostfile = hostfile
        self.promptTokens = promptTokens
        self.generateTokens = generateTokens
        self.repetitions = repetitions
        self.grid = grid
        self.passedOn = passedOn
    }

    /// The command line that asks for it.
    public var arguments: [String] {
        var words = ["stagecoach", "bench", "--sweep", "--model", model]
        if let hostfile { words += ["--hostfile", hostfile] }
        return words + fields.flatMap { ["--\($0.name)", $0.value] } + passedOn
    }

    /// The command line of `bench` for one point, after the program's name.
    public func benchArguments(_ point: SweepPoint) -> [String] {
        ["bench", "--json", "--model", model, "--prompt-tokens", "\(promptTokens)", "--generate-tokens"]
            + ["\(generateTokens)", "--repetitions", "\(repetitions)"] + point.arguments + passedOn
    }

    /// The first thing in which `other` differs, in words.
    func difference(from other: SweepDefinition) -> String? {
        let pairs = zip(compared, other.compared).first { $0.value != $1.value }
        return pairs.map { "\($0.name) is \($1.value) there and \($0.value) here" }
    }

    /// All of it, in words.
    private var compared: [(name: String, value: String)] {
        [("--model", model), ("--hostfile", hostfile ?? "none")] + fields.map { ("--\($0.name)", $0.value) }
            + [("what is passed on", Self.shown(passedOn)), ("the program's version", version)]
    }

    private static func shown(_ flags: [String]) -> String { flags.isEmpty ? "nothing" : flags.joined(separator: " ") }

    private var fields: [(name: String, value: String)] {
        func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
        return [
            ("ranks", list(grid.ranks)), ("threads", list(grid.threads)), ("sequences", list(grid.sequences)),
            ("microbatches", grid.microbatches.map { $0.map(String.init) ?? "auto" }.joined(separator: ",")),
            ("scaling", grid.scaling.rawValue), ("prompt-tokens", "\(promptTokens)"),
            ("generate-tokens", "\(generateTokens)"), ("repetitions", "\(repetitions)"),
        ]
    }
}
