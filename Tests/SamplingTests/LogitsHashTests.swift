import Sampling
import Testing

@Suite struct LogitsHashTests {
    @Test func noRowsGiveTheOffsetBasis() {
        #expect(LogitsHash().hex == "cbf29ce484222325")
    }

    /// Worked out by hand from the definition: 1 is 3f800000, -2 is c0000000, 0.5 is 3f000000.
    @Test func wordsHoldTwoLogitsAndOddRowsArePadded() {
        let offset: UInt64 = 0xcbf2_9ce4_8422_2325
        let prime: UInt64 = 0x100_0000_01b3
        var expected = (offset ^ 0xc000_0000_3f80_0000) &* prime
        #expect(hash([[1, -2]]) == String(expected, radix: 16))
        expected = (expected ^ 0x3f00_0000) &* prime
        #expect(hash([[1, -2, 0.5]]) == String(expected, radix: 16))
        // The next row starts a new word.
        expected = (expected ^ 0x3f80_0000) &* prime
        #expect(hash([[1, -2, 0.5], [1]]) == String(expected, radix: 16))
    }

    @Test func signsOfZeroDiffer() {
        #expect(hash([[0, 0]]) != hash([[0, -0.0]]))
    }

    private func hash(_ rows: [[Float]]) -> String {
        var hash = LogitsHash()
        for row in rows { row.withUnsafeBufferPointer { hash.append($0) } }
        return hash.hex
    }
}
