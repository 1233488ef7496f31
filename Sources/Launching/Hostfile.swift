import Platform
import SystemPackage

/// The machines that ranks may run on, as mpirun's hostfiles list them: one line a host, `slots=` ranks there or else one,
/// `#` begins a comment.
public struct Hostfile: Sendable, Equatable {
    public let path: String
    /// A host for each slot, in the order of the lines.
    public let slots: [String]

    /// Each host once, in the order of the lines; the same one may stand in several.
    public let hosts: [String]

    /// - Parameter path: where the text is from, for mpirun and for messages.
    /// - Throws: Where the text names no machine, or has a line that is not `HOST slots=N` with 1 to 999 slots.
    public init(_ text: String, path: String) throws(LaunchError) {
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
                throw .badInput("line \(index + 1) of the hostfile \(path) is not \"HOST slots=N\": \(line)")
            }
            slots += Array(repeating: String(host), count: count)
        }
        guard !slots.isEmpty else { throw .badInput("the hostfile \(path) names no machine") }
        self.slots = slots
        var seen: Set<String> = []
        hosts = slots.filter { seen.insert($0).inserted }
    }

    /// Reads the file at `path`, which mpirun will read again.
    public init(contentsOf path: String) throws(LaunchError) {
        let bytes: [UInt8]
        do {
            bytes = try FilePath(path).contents()
        } catch {
            throw .badInput("cannot read the hostfile \(path): \(error); check the path")
        }
        try self.init(String(decoding: bytes, as: UTF8.self), path: path)
    }

    /// The hosts of `count` ranks: one a slot, or one a host, and past the last one from the top again.
    public func placement(of count: Int, onePerHost: Bool = false) -> [String] {
        let names = onePerHost ? hosts : slots
        return (0..<count).map { names[$0 % names.count] }
    }
}
