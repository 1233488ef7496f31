/// The machines that ranks may run on, as mpirun's hostfiles list them and `scripts/launch` takes them: one line a host,
/// `slots=` ranks there or else one, `#` begins a comment.
public struct Hostfile: Sendable, Equatable {
    public let path: String
    /// A host for each slot, in the order of the lines.
    public let slots: [String]

    /// The same host may stand in several lines.
    public var hosts: Set<String> { Set(slots) }

    /// - Parameter path: where the text is from, for mpirun and for messages.
    /// - Throws: Where the text names no machine, or has a line that is not `HOST slots=N` with 1 to 999 slots.
    public init(_ text: String, path: String) throws(HostfileError) {
        self.path = path
        var slots: [String] = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            guard let host = words.first else { continue }
            let counts = words.dropFirst().filter { $0.hasPrefix("slots=") }.map { Int($0.dropFirst(6)) }
            guard let count = counts.isEmpty ? 1 : counts.last!, (1...999).contains(count),
                !host.contains(where: { $0 == "=" || $0 == "^" })
            else {
                throw HostfileError("line \(index + 1) of the hostfile \(path) is not \"HOST slots=N\": \(line)")
            }
            slots += Array(repeating: String(host), count: count)
        }
        guard !slots.isEmpty else { throw HostfileError("the hostfile \(path) names no machine") }
        self.slots = slots
    }

    /// The hosts of `count` ranks: one a slot, and past the last slot from the top again.
    public func placement(of count: Int) -> [String] { (0..<count).map { slots[$0 % slots.count] } }
}

/// A hostfile that cannot be used, as one sentence that names it.
public struct HostfileError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
