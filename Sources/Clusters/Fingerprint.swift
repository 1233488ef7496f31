/// What every rank must agree on before the first frame, in words that an error message can use.
public struct Fingerprint: Sendable, Equatable {
    /// One thing compared: what it is, this rank's value, and what to do when ranks differ.
    struct Entry: Equatable {
        let name: String
        let value: String
        let advice: String
    }

    /// Ranks that cannot work together were given bad input (EX_DATAERR).
    static let exitStatus: Int32 = 65

    private(set) var entries: [Entry] = []

    public init() {}

    /// Adds something on which ranks must agree. Neither text may hold a line break.
    public mutating func add(_ name: String, _ value: some CustomStringConvertible, advice: String) {
        entries.append(Entry(name: name, value: value.description, advice: advice))
    }

    /// The first difference from `reference`, as a sentence without its subject; nil when there is none.
    func difference(from reference: Fingerprint) -> (name: String, mine: String, theirs: String, advice: String)? {
        for (mine, theirs) in zip(entries, reference.entries) where mine.value != theirs.value {
            return (mine.name, mine.value, theirs.value, theirs.advice)
        }
        return entries.count == reference.entries.count
            ? nil : ("build", "another", "this", "start one build everywhere")
    }

    /// The entries as lines of three tab-separated fields.
    var encoded: [UInt8] {
        Array(entries.map { "\($0.name)\t\($0.value)\t\($0.advice)\n" }.joined().utf8)
    }

    init(decoding bytes: some Collection<UInt8>) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { continue }
            entries.append(Entry(name: fields[0], value: fields[1], advice: fields[2]))
        }
    }
}
