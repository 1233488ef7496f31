import Microbatches
import Testing

@testable import Scheduling

@Suite("Known beginnings")
struct PrefixIndexTests {
    private static let root = PrefixIndex.root(of: .none)

    @Test("A block is found by its tokens and the block before it")
    func find() {
        var index = PrefixIndex(blockCount: 8)
        index.insert(3, after: Self.root, [1, 2, 3, 4])
        index.insert(5, after: 3, [1, 2])
        #expect(index.match(after: Self.root, exactly: [1, 2, 3, 4]) == 3)
        #expect(index.match(after: Self.root, exactly: [1, 2]) == nil)
        #expect(index.match(after: 3, exactly: [1, 2]) == 5)
        #expect(index.match(after: 5, exactly: [1, 2]) == nil)
    }

    @Test("What one adapter computed is not found by another, nor by the weights as they are")
    func adapters() {
        var index = PrefixIndex(blockCount: 8)
        let other = PrefixIndex.root(of: AdapterID(number: 1))
        index.insert(3, after: Self.root, [1, 2])
        #expect(index.longestMatch(after: other, [1, 2]) == nil)
        index.insert(4, after: other, [1, 2])
        #expect(
            index.match(after: Self.root, exactly: [1, 2]) == 3 && index.match(after: other, exactly: [1, 2]) == 4)
        index.insert(5, after: 4, [3])
        #expect(index.match(after: 3, exactly: [3]) == nil && index.match(after: 4, exactly: [3]) == 5)
    }

    @Test("Of several, the one that shares most is taken; none that does not share the first token")
    func longest() {
        var index = PrefixIndex(blockCount: 8)
        index.insert(0, after: Self.root, [1, 2, 9, 9])
        index.insert(1, after: Self.root, [1, 2, 3, 9])
        index.insert(2, after: Self.root, [1])
        let found = index.longestMatch(after: Self.root, [1, 2, 3, 4])
        #expect(found?.block == 1 && found?.count == 3)
        #expect(index.longestMatch(after: Self.root, [2]) == nil)
        #expect(index.longestMatch(after: Self.root, []) == nil)
    }

    @Test("What is forgotten is not found, and others are")
    func remove() {
        var index = PrefixIndex(blockCount: 8)
        index.insert(0, after: Self.root, [1, 2])
        index.insert(1, after: Self.root, [1, 3])
        index.remove(0)
        index.remove(0)
        #expect(!index.contains(0) && index.contains(1))
        #expect(index.match(after: Self.root, exactly: [1, 2]) == nil)
        #expect(index.match(after: Self.root, exactly: [1, 3]) == 1)
        index.insert(0, after: 1, [1, 2])
        #expect(index.match(after: 1, exactly: [1, 2]) == 0)
    }
}
