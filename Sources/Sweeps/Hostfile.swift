import FoundationEssentials

/// The machines that ranks may run on, as mpirun's hostfiles list them.
public struct Hostfile: Sendable, Equatable {
    public let path: String
    /// A host for each slot, in the order of the lines.
    public let slots: [String]

    /// The same host may stand in several lines.
    public var hosts: Set<String> { Set(slots) }

    /// - Throws: Where the file cannot be read, names no machine, or has a line that is not `HOST slots=N`.
    public init(path: String) throws(SweepError) {
        guard let data = try SweepJournal.contents(of: path) else {
            throw SweepError(.badInput, "cannot read the hostfile \(path): No such file or directory")
        }
        try self.init(path: path, text: String(decoding: data, as: UTF8.self))
    }

    init(path: String, text: String) throws(SweepError) {
        self.path = path
        var slots: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let host = words.first else { continue }
            let counts = words.dropFirst().filter { $0.hasPrefix("slots=") }.map { Int($0.dropFirst(6)) }
            guard let count = counts.isEmpty ? 1 : counts.last!, (1...999).contains(count),
                !host.contains(where: { $0 == "=" || $0 == "^" })
            else {
                throw SweepError(
                    .badInput, "line \(index + 1) of the hostfile \(path) is not \"HOST slots=N\": \(line)")
            }
            slots += Array(repeating: String(host), count: count)
        }
        guard !slots.isEmpty else { throw SweepError(.badInput, "the hostfile \(path) names no machine") }
        self.slots = slots
    }

    /// The hosts of `count` ranks: one a slot, and past the last slot from the top again.
    public func placement(of count: Int) -> [String] { (0..<count).map { slots[$0 % slots.count] } }
}
