import Microbatches

/// Which blocks hold the keys and values of which beginnings of sequences: a tree whose nodes are blocks.
///
/// The keys and values of a position depend on the adapter and the tokens up to it and on nothing else, so a block is known
/// by its own tokens and the block before it, or the adapter where it is the first. Tokens are compared, not hashes of them:
/// a collision would change an answer.
struct PrefixIndex {
    /// A block with its tokens; fewer than a block holds where a sequence ended in it.
    private struct Node {
        var parent: Int32
        var tokens: [Int32]
    }

    private struct ChildKey: Hashable {
        var parent: Int32
        var firstToken: Int32
    }

    private var nodes: [Node?]
    private var children: [ChildKey: [Int32]] = [:]

    /// Stands for the beginning of every sequence of an adapter, where others have a block before them.
    static func root(of adapter: AdapterID) -> Int32 { -1 - adapter.number }

    init(blockCount: Int) { nodes = Array(repeating: nil, count: blockCount) }

    func contains(_ block: Int32) -> Bool { nodes[Int(block)] != nil }

    /// The child of `parent` that shares most of the first of `tokens`, and how many; nil where none shares any.
    func longestMatch(after parent: Int32, _ tokens: ArraySlice<Int32>) -> (block: Int32, count: Int)? {
        guard let first = tokens.first else { return nil }
        var best: (block: Int32, count: Int)?
        for block in children[ChildKey(parent: parent, firstToken: first)] ?? [] {
            let count = zip(nodes[Int(block)]!.tokens, tokens).prefix { $0 == $1 }.count
            if count > best?.count ?? 0 { best = (block, count) }
        }
        return best
    }

    /// The child of `parent` with exactly these tokens.
    func match(after parent: Int32, exactly tokens: ArraySlice<Int32>) -> Int32? {
        children[ChildKey(parent: parent, firstToken: tokens.first!)]?.first { nodes[Int($0)]!.tokens[...] == tokens }
    }

    /// Makes `block`, which holds `tokens` after those of `parent`, known.
    mutating func insert(_ block: Int32, after parent: Int32, _ tokens: ArraySlice<Int32>) {
        precondition(!contains(block) && !tokens.isEmpty)
        nodes[Int(block)] = Node(parent: parent, tokens: Array(tokens))
        children[ChildKey(parent: parent, firstToken: tokens.first!), default: []].append(block)
    }

    /// Forgets a block that is about to get other contents.
    ///
    /// Its children have been forgotten before: whoever holds a block holds its parent too and gives the child back first.
    mutating func remove(_ block: Int32) {
        guard let node = nodes[Int(block)] else { return }
        nodes[Int(block)] = nil
        let key = ChildKey(parent: node.parent, firstToken: node.tokens[0])
        children[key]!.removeAll { $0 == block }
        if children[key]!.isEmpty { children[key] = nil }
    }
}
