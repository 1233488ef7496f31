import Testing

@testable import Tensors

@Suite struct FNV1aTests {
    private func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash = FNV1a()
        bytes.withUnsafeBytes { hash.combine($0) }
        return hash.hash
    }

    @Test func startsAtTheOffsetBasisAndTakesWords() {
        #expect(FNV1a().hash == 0xCBF2_9CE4_8422_2325)
        // One word with only its lowest byte set is the published step for that byte: FNV-1a 64 of "a".
        #expect(hash([0x61]) == 0xAF63_DC4C_8601_EC8C)
        var words = FNV1a()
        words.combine(0x0807_0605_0403_0201)
        words.combine(0x0A09)
        #expect(hash(Array(1...10)) == words.hash)
    }

    @Test func placeDoesNotMatterButContentDoes() {
        let bytes = (0..<100).map { UInt8($0) }
        let shifted = [0] + bytes
        var hash = FNV1a()
        shifted.withUnsafeBytes { hash.combine(UnsafeRawBufferPointer(rebasing: $0.dropFirst())) }
        #expect(hash.hash == self.hash(bytes))
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 0x80
            #expect(self.hash(changed) != self.hash(bytes))
        }
    }
}
