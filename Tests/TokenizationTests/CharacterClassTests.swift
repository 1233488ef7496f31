import Testing

@testable import Tokenization

@Suite struct CharacterClassTests {
    /// Every character, against what the reference's regular expressions say.
    @Test func allCharacters() throws {
        let ranges: [String: [UInt32]] = try read("classes.json")
        var expected = [CharacterClass](repeating: [], count: 0x110000)
        let classes: [String: CharacterClass] = [
            "letter": .letter, "number": .number, "space": .space, "mark": .mark, "digit": .digit,
            "upper": .upper, "lower": .lower,
        ]
        #expect(ranges.count == classes.count)
        for (name, bounds) in ranges {
            let found = try #require(classes[name])
            for index in stride(from: 0, to: bounds.count, by: 2) {
                for value in bounds[index]...bounds[index + 1] { expected[Int(value)].insert(found) }
            }
        }
        var wrong: [UInt32] = []
        for value in UInt32(0)..<0x110000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var found = CharacterClass(of: scalar)
            #expect(found.contains(.newline) == (scalar == "\n" || scalar == "\r"))
            found.remove(.newline)
            if found != expected[Int(value)] { wrong.append(value) }
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(20).map { String($0, radix: 16) })")
    }
}
