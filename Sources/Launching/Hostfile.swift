import Platform
import SystemPackage

/// The machines that ranks may run on, as mpirun's hostfiles list them: one line a host, `slots=` ranks there or else one,
/// `#` begins a comment. `HOST:N`, as MPICH's files have it, is the same.
public struct Hostfile: Sendable, Equatable {
    public let path: String
    /// A host for each slot, in the order of the lines.
    public let slots: [String]

    /// Each host once, in the order of the lines; the same one may stand in several.
    public let hosts: [String]
    /// Whether Open MPI's mpirun reads the same in the file.
    let isAsOpenMPIReads: Bool

    /// - Parameter path: where the text is from, for mpirun and for messages.
    /// - Throws: Where the text names no machine, or has a line that is not `HOST slots=N` with 1 to 999 slots.
    public init(_ text: String, path: String) throws(LaunchError) {
        self.path = path
        var slots: [String] = []
        var counted: Set<String> = []
        var isAsOpenMPIReads = Self.isPlain(text)
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let words = Self.words(of: line)
            if words.isEmpty { continue }
            guard let entry = HostfileEntry(words) else {
                throw .badInput("line \(index + 1) of the hostfile \(path) is not \"HOST slots=N\": \(line)")
            }
            if entry.isOfMPICH || entry.isCounted && !counted.insert(entry.host).inserted { isAsOpenMPIReads = false }
            slots += Array(repeating: entry.host, count: entry.count)
        }
        guard !slots.isEmpty else { throw .badInput("the hostfile \(path) names no machine") }
        self.slots = slots
        self.isAsOpenMPIReads = isAsOpenMPIReads
        var seen: Set<String> = []
        hosts = slots.filter { seen.insert($0).inserted }
    }

    /// The words of a line without its comment; `slots = 2` is one.
    private static func words(of line: Substring) -> [Substring] {
        let parts = line.prefix { $0 != "#" }.split(separator: "=", omittingEmptySubsequences: false)
        return parts.map { $0.split(whereSeparator: isBlank).joined(separator: " ") }.joined(separator: "=")
            .split(separator: " ")
    }

    /// A mark of the encoding, which some editors put first, is as good as a blank.
    private static func isBlank(_ character: Character) -> Bool { character.isWhitespace || character == byteOrderMark }

    private static let byteOrderMark: Character = "\u{FEFF}"

    /// Whether nothing in it is what Open MPI takes for a part of a name: other systems' ends of lines, marks and blanks, a
    /// comment that no line ends.
    private static func isPlain(_ text: String) -> Bool {
        let isForeign = text.unicodeScalars.contains { $0 == "\r" || $0 == "\u{FEFF}" || $0 == "\u{A0}" }
        return !isForeign && !(text.split(separator: "\n", omittingEmptySubsequences: false).last ?? "").contains("#")
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
