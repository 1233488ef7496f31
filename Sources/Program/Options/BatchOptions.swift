import ArgumentParser

/// The flags that go with a file of prompts.
struct BatchOptions: ParsableArguments {
    @Option(
        help: """
            With --prompts: where to write results. A file is added to: what it holds already is not done again, so a \
            job that was ended goes on. Default: standard output.
            """)
    var output: String?

    @Option(help: "With --prompts: requests that run side by side. Default: \(Self.defaultMaxSequences).")
    var maxSequences: Int?

    static let defaultMaxSequences = 16

    func validate() throws {
        if let maxSequences, !(1...4096).contains(maxSequences) {
            throw ValidationError("--max-sequences must be 1 to 4096.")
        }
    }

    var isEmpty: Bool { output == nil && maxSequences == nil }
}
