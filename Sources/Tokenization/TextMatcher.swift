/// Finds tokens with fixed text in a text: the leftmost one, and of those that begin there the longest.
///
/// A trie over bytes. Its depth is limited, so that no vocabulary makes the search slower than linear.
struct TextMatcher: Sendable {
    static let longestText = 1024

    private struct Node {
        var token: TokenID = -1
        /// A few at most nodes: searched one by one.
        var children: [(byte: UInt8, node: Int32)] = []
    }

    private var nodes = [Node()]
    private var startsToken = [Bool](repeating: false, count: 256)

    var isEmpty: Bool { nodes.count == 1 }

    /// A matcher of the tokens `ids`.
    ///
    /// - Parameter form: what stands in the text for a token with these bytes.
    init(
        _ texts: ByteStrings, of ids: some Sequence<Int>,
        form: (ArraySlice<UInt8>, TokenID) -> [UInt8] = { text, _ in [UInt8](text) }
    ) throws(VocabularyError) {
        for id in ids {
            let text = texts[id]
            guard text.count <= Self.longestText else {
                throw .longSpecialToken(id: id, bytes: text.count, limit: Self.longestText)
            }
            insert(form(text, TokenID(id)), TokenID(id))
        }
    }

    private mutating func insert(_ text: [UInt8], _ id: TokenID) {
        guard let first = text.first else { return }
        startsToken[Int(first)] = true
        var node = 0
        for byte in text { node = child(of: node, byte) ?? addChild(to: node, byte) }
        if nodes[node].token < 0 { nodes[node].token = id }
    }

    private func child(of node: Int, _ byte: UInt8) -> Int? {
        for child in nodes[node].children where child.byte == byte { return Int(child.node) }
        return nil
    }

    private mutating func addChild(to node: Int, _ byte: UInt8) -> Int {
        nodes[node].children.append((byte, Int32(nodes.count)))
        nodes.append(Node())
        return nodes.count - 1
    }

    /// The first token in `text[start...]` and where it lies.
    func firstMatch(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> (range: Range<Int>, id: TokenID)? {
        if isEmpty { return nil }
        for index in start..<text.count where startsToken[Int(text[index])] {
            if let (end, id) = longestMatch(in: text, at: index) { return (index..<end, id) }
        }
        return nil
    }

    private func longestMatch(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> (end: Int, id: TokenID)? {
        var node = 0
        var found: (Int, TokenID)?
        var index = start
        while index < text.count, let next = child(of: node, text[index]) {
            node = next
            index += 1
            if nodes[node].token >= 0 { found = (index, nodes[node].token) }
        }
        return found
    }
}
