/// A line of a hostfile: `HOST`, `HOST slots=N` or `HOST:N`, and words of which nothing follows here.
struct HostfileEntry {
    let host: String
    let count: Int
    /// Whether the line says how many slots there are.
    let isCounted: Bool
    /// Whether it says so as MPICH's files do.
    let isOfMPICH: Bool

    /// nil where the words are no such line.
    ///
    /// - Parameter words: At least one; none has blanks around its `=`.
    init?(_ words: [Substring]) {
        let counts = words.dropFirst().compactMap(Self.value)
        // Of an address of IPv6 the colons are its own.
        let parts = words[0].split(separator: ":", omittingEmptySubsequences: false)
        isOfMPICH = parts.count == 2
        isCounted = isOfMPICH || !counts.isEmpty
        host = String(isOfMPICH ? parts[0] : words[0])
        guard let count = Int(counts.last ?? (isOfMPICH ? parts[1] : "1")), (1...999).contains(count),
            !host.isEmpty, !host.contains(where: { "=^,".contains($0) }), !words.contains("slots")
        else { return nil }
        self.count = count
    }

    /// What follows the `=` of any of Open MPI's names for a number of slots.
    private static func value(_ word: Substring) -> Substring? {
        for name in ["slots=", "count=", "cpu="] where word.hasPrefix(name) { return word.dropFirst(name.count) }
        return nil
    }
}
