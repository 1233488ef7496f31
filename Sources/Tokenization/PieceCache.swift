/// Remembers where in a text a piece stood before and which tokens it became: prose repeats its words.
///
/// Lives for one text; a new piece takes the slot of an older one.
struct PieceCache {
    private struct Entry {
        var start = 0
        var length = 0
        var tokens = 0..<0
    }

    private static let longestPiece = 64

    private var entries: [Entry]
    private let text: UnsafeBufferPointer<UInt8>

    init(of text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        var size = 16
        while size < min(text.count / 4, 8192) { size *= 2 }
        entries = Array(repeating: Entry(), count: size)
    }

    /// Appends the tokens of the piece at `range` to `output`: a copy of what they were before, or else what
    /// `encode` appends.
    @inline(__always)
    mutating func append(_ range: Range<Int>, to output: inout [TokenID], encode: (inout [TokenID]) -> Void) {
        guard range.count <= Self.longestPiece else { return encode(&output) }
        let piece = UnsafeBufferPointer(rebasing: text[range])
        let slot = Int(truncatingIfNeeded: ByteHash.hash(piece, seed: 0)) & (entries.count - 1)
        let entry = entries[slot]
        let earlier = entry.start..<(entry.start + entry.length)
        if !earlier.isEmpty, piece.equals(.init(rebasing: text[earlier])) {
            for index in entry.tokens { output.append(output[index]) }
        } else {
            let first = output.count
            encode(&output)
            entries[slot] = Entry(start: range.lowerBound, length: range.count, tokens: first..<output.count)
        }
    }
}
