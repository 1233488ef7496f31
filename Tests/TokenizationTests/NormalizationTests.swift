import Testing

@testable import Tokenization

/// What becomes of characters, beside Hugging Face `tokenizers` (see `scripts/step-goldens`).
@Suite struct NormalizationTests {
    private static let steps: [String: NormalizationStep] = [
        "nfc": .nfc, "nfd": .nfd, "nfkc": .nfkc, "nfkd": .nfkd, "lowercased": .lowercased,
        "withoutMarks": .withoutMarks,
    ]

    /// All of Unicode, 16384 characters a hash.
    @Test(arguments: steps.keys.sorted())
    func allCharacters(_ name: String) throws {
        let hashes: [String: [String]] = try read("steps/normalization.json")
        let expected = try #require(hashes[name])
        let step = try #require(Self.steps[name])
        let scalars = (UInt32(0)..<0x110000).compactMap { Unicode.Scalar($0) }
        for (block, hash) in expected.enumerated() {
            let first = block * 0x4000
            let end = min(first + 0x4000, scalars.count)
            var found: UInt64 = 0xCBF2_9CE4_8422_2325
            for start in stride(from: first, to: end, by: 1000) {
                let text = scalars[start..<min(start + 1000, end)].flatMap { bytes("0") + bytes(String($0)) }
                for byte in step.applied(to: text) { found = (found ^ UInt64(byte)) &* 0x100_0000_01B3 }
            }
            #expect(found == UInt64(hash, radix: 16), "from \(scalars[first])")
        }
    }

    @Test func marksInOrder() {
        let text = bytes("a\u{301}\u{323} e\u{323}\u{302} \u{1100}\u{1161}\u{11A8} \u{AC01}")
        #expect(NormalizationStep.nfd.applied(to: text) == bytes("a\u{323}\u{301} e\u{323}\u{302} 각 각".decomposed))
        #expect(NormalizationStep.nfkc.applied(to: bytes("ﬁ①Ａ\u{FDFA}")).starts(with: bytes("fi1A")))
    }

    @Test func textsAtTheEnds() {
        #expect(NormalizationStep.stripped(left: true, right: false).applied(to: bytes(" \u{3000}a ")) == bytes("a "))
        #expect(NormalizationStep.stripped(left: false, right: true).applied(to: bytes(" a\u{85}\n")) == bytes(" a"))
        #expect(NormalizationStep.prefixed(bytes("x")).applied(to: []) == [])
        #expect([NormalizationStep.prefixed(bytes("x")), .lowercased].applied(to: bytes("AΣ")) == bytes("xaσ"))
    }
}

extension String {
    /// Its Hangul syllable as the letters that it is made of.
    fileprivate var decomposed: String { replacing("각", with: "\u{1100}\u{1161}\u{11A8}") }
}
