/// Looks for stop strings in text that arrives in pieces, and lets through only what cannot be part of one.
///
/// Works on bytes, so it does not matter where the pieces end. For each stop string a Knuth-Morris-Pratt automaton
/// ("Fast pattern matching in strings", SIAM J. Comput. 6, 1977) knows how much of it the text ends with; the longest
/// such beginning is held back. The earliest end of a stop string ends the text; of several that end at the same byte
/// the longest one counts. A piece of whole UTF-8 characters is let through in whole characters.
public struct StopStrings: Sendable {
    private var patterns: [Pattern]
    /// The end of the text so far that could be the beginning of a stop string.
    private var held: [UInt8] = []
    private var letThrough = 0
    /// The stop string that was found: no text is let through after it.
    public private(set) var match: Match?

    public struct Match: Sendable, Equatable {
        /// Which of the stop strings, as they were given.
        public var index: Int
        /// Where it begins, in bytes from the beginning of all text appended.
        public var position: Int
    }

    /// - Parameter strings: any number of stop strings; empty ones, which every text contains, are refused.
    public init(_ strings: [String]) throws(StopStringsError) {
        if strings.contains("") { throw StopStringsError(description: "a stop string must not be empty") }
        patterns = strings.map { Pattern(Array($0.utf8)) }
    }

    /// Takes the next piece of text and returns the bytes that are now certain to come before any stop string.
    public mutating func append(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        for byte in bytes where match == nil {
            held.append(byte)
            var longest = 0
            for index in patterns.indices where patterns[index].advance(over: byte) && patterns[index].count > longest {
                longest = patterns[index].count
                match = Match(index: index, position: letThrough + held.count - longest)
            }
        }
        if let match { return release(match.position - letThrough, forgetting: true) }
        return release(held.count - (patterns.map(\.matched).max() ?? 0), forgetting: false)
    }

    /// Takes the next piece of text, whole characters, and returns what may be shown.
    public mutating func append(_ text: String) -> String { String(decoding: append(text.utf8), as: UTF8.self) }

    /// At the end of the text: returns what was held back; nothing after a match.
    public mutating func finish() -> [UInt8] { release(held.count, forgetting: false) }

    private mutating func release(_ count: Int, forgetting: Bool) -> [UInt8] {
        let released = Array(held.prefix(count))
        letThrough += released.count
        if forgetting { held.removeAll() } else { held.removeFirst(released.count) }
        return released
    }
}

/// One stop string and how much of it the text ends with.
private struct Pattern: Sendable {
    private let bytes: [UInt8]
    /// For each length of a matched beginning, the longest proper beginning that it ends with.
    private let fallback: [Int]
    private(set) var matched = 0

    var count: Int { bytes.count }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var fallback = [0, 0]
        var length = 0
        for byte in bytes.dropFirst() {
            while length > 0, bytes[length] != byte { length = fallback[length] }
            if bytes[length] == byte { length += 1 }
            fallback.append(length)
        }
        self.fallback = fallback
    }

    /// Whether the text ends with the whole string after this byte.
    mutating func advance(over byte: UInt8) -> Bool {
        while matched > 0, matched == bytes.count || bytes[matched] != byte { matched = fallback[matched] }
        if bytes[matched] == byte { matched += 1 }
        return matched == bytes.count
    }
}
