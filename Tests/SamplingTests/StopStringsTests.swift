import TestSupport
import Testing

@testable import Sampling

@Suite struct StopStringsTests {
    @Test func holdsBackWhatCouldBeAStopString() throws {
        var stop = try StopStrings(["<|end|>", "\n\n"])
        #expect(stop.append("Hello <") == "Hello ")
        #expect(stop.append("|e") == "")
        #expect(stop.append("x\n") == "<|ex")
        #expect(stop.match == nil)
        #expect(stop.append("\nrest") == "")
        #expect(stop.match == .init(index: 1, position: 10))
        #expect(stop.append("more") == "")
        #expect(stop.finish() == [])
    }

    @Test func finishGivesBackWhatWasHeld() throws {
        var stop = try StopStrings(["abcabd"])
        #expect(stop.append("xabcab") == "x")
        #expect(stop.append("cab") == "abc")
        #expect(stop.finish() == Array("abcab".utf8))
    }

    @Test func theFirstToEndWinsAndThenTheLongest() throws {
        #expect(try match(["bcd", "c"], "abcd") == .init(index: 1, position: 2))
        #expect(try match(["cd", "bcd", "d"], "abcd") == .init(index: 1, position: 1))
        #expect(try match(["aa"], "aaa") == .init(index: 0, position: 0))
        #expect(try match([], "abc") == nil)
    }

    @Test func charactersStayWhole() throws {
        // é is c3 a9 and è is c3 a8: the text may be held only at a character's border.
        var stop = try StopStrings(["è!"])
        #expect(stop.append("é") == "é")
        #expect(stop.append("è") == "")
        #expect(stop.append("?") == "è?")
    }

    @Test func emptyStopStringsAreRefused() {
        #expect(throws: StopStringsError(description: "a stop string must not be empty")) {
            try StopStrings(["a", ""])
        }
    }

    /// Every cut of a text into pieces gives the same text and match as a plain search.
    @Test func piecesDoNotMatter() throws {
        let letters = Array("ab".utf8)
        var numbers = FixedRandom(3)
        for _ in 0..<2000 {
            func random(_ below: Int) -> Int { Int.random(in: 0..<below, using: &numbers) }
            let text = (0..<24).map { _ in letters[random(2)] }
            let patterns = (0..<3).map { _ in (0...random(5)).map { _ in letters[random(2)] } }
            var stop = try StopStrings(patterns.map { String(decoding: $0, as: UTF8.self) })
            var shown: [UInt8] = []
            var start = 0
            while start < text.count {
                let end = min(text.count, start + random(6) + 1)
                shown += stop.append(text[start..<end])
                start = end
            }
            shown += stop.finish()
            let expected = search(patterns, text)
            #expect(stop.match?.position == expected)
            #expect(shown == Array(text.prefix(expected ?? text.count)))
        }
    }

    private func search(_ patterns: [[UInt8]], _ text: [UInt8]) -> Int? {
        for end in 1...text.count {
            let found = patterns.filter { text[..<end].suffix($0.count) == $0[...] }
            if let longest = found.map(\.count).max() { return end - longest }
        }
        return nil
    }

    private func match(_ strings: [String], _ text: String) throws -> StopStrings.Match? {
        var stop = try StopStrings(strings)
        _ = stop.append(text)
        return stop.match
    }
}
