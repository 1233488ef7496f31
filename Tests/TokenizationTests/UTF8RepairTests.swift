import Testing

@testable import Tokenization

@Suite struct UTF8RepairTests {
    private struct Malformed: Decodable { let cases: [[String]] }

    /// As Python reads bytes with `errors="replace"`.
    @Test func likePython() throws {
        let cases = try (read("malformed.json") as Malformed).cases
        #expect(cases.count > 1000)
        for pair in cases {
            let digits = Array(pair[0])
            let malformed = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(digits[$0...($0 + 1)]), radix: 16)
            }
            #expect(UTF8Repair.repaired(malformed) == bytes(pair[1]), "\(pair[0])")
        }
    }

    @Test func leavesTextAlone() {
        let text = bytes("a\u{0}é\u{D7FF}\u{E000}\u{FFFD}\u{10000}\u{10FFFF}")
        #expect(UTF8Repair.repaired(text) == text)
    }

    @Test func findsOpenCharacters() {
        #expect(UTF8Repair.lengthOfOpenCharacter([]) == 0)
        #expect(UTF8Repair.lengthOfOpenCharacter([0x41]) == 0)
        #expect(UTF8Repair.lengthOfOpenCharacter([0x41, 0xC3]) == 1)
        #expect(UTF8Repair.lengthOfOpenCharacter([0xE2, 0x96]) == 2)
        #expect(UTF8Repair.lengthOfOpenCharacter([0xF0, 0x9F, 0x99]) == 3)
        #expect(UTF8Repair.lengthOfOpenCharacter(bytes("🙂")) == 0)
        #expect(UTF8Repair.lengthOfOpenCharacter([0xE0, 0x80]) == 0)  // can never become a character
        #expect(UTF8Repair.lengthOfOpenCharacter([0xC0]) == 0)
        #expect(UTF8Repair.lengthOfOpenCharacter([0x80, 0x80, 0x80]) == 0)
    }
}
