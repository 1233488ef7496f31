import Testing

@testable import ModelFiles
@testable import Tokenization

/// Pieces as Hugging Face `tokenizers` cuts them (see `scripts/split-goldens`).
@Suite struct SplitPatternTests {
    private struct Family: Decodable {
        let name: String
        let sources: [String]
        let pieces: [[String]]
    }

    private func pieces(_ text: [UInt8], _ patterns: [SplitPattern]) -> [[UInt8]] {
        text.withUnsafeBufferPointer { text in SplitPattern.pieces(of: text, by: patterns).map { Array(text[$0]) } }
    }

    @Test func asTheReferenceCuts() throws {
        let families: [Family] = try read("split-pieces.json")
        #expect(families.count > 10)
        for family in families {
            if let named = NamedPatterns.patterns(family.name) {
                #expect(named.map(\.source) == family.sources, "\(family.name)")
            }
            let patterns = try family.sources.map { try SplitPattern($0) }
            for expected in family.pieces {
                let found = pieces(bytes(expected.joined()), patterns)
                #expect(found == expected.map(bytes), "\(family.name): \(expected)")
            }
        }
    }

    @Test func everyNameHasPatterns() throws {
        for (names, sources) in NamedPatterns.all {
            #expect(NamedPatterns.patterns(names[0])?.count == sources.count, "\(names)")
        }
    }

    @Test(arguments: [
        "(?<=a)b", "a*?", "(a+)+", "[a&&b]", "[[a]]", "\\b", "(", "a)", "[", "a{3,1}", "\\p{Han}", "^a", "",
    ])
    func whatIsBeyondTheSubset(_ source: String) {
        if source.isEmpty {
            #expect((try? SplitPattern(source)) != nil)
        } else {
            #expect(throws: SplitPatternError.self) { try SplitPattern(source) }
        }
    }

    @Test func whatIsDropped() throws {
        let pattern = try SplitPattern(#"\p{L}+"#, dropsRest: true)
        #expect(pieces(bytes("ab 12 é"), [pattern]) == [bytes("ab"), bytes("é")])
    }

    /// Long runs take neither a deep stack nor quadratic time.
    @Test func longRuns() throws {
        for name in ["deepseek-v3", "falcon", "jais-2"] {
            let patterns = try #require(NamedPatterns.patterns(name))
            for part in ["a", " ", "\n", "7", "é", "-"] {
                let text = bytes(String(repeating: part, count: 100_000))
                #expect(pieces(text, patterns).reduce(0) { $0 + $1.count } == text.count)
            }
        }
    }
}
