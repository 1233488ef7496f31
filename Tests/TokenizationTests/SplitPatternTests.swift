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

    private func pieces(_ text: [UInt8], _ steps: [CutStep]) -> [[UInt8]] {
        let cut = CutText(text, by: steps, isStart: true)
        return cut.pieces.map { Array(cut.bytes[$0]) }
    }

    @Test func asTheReferenceCuts() throws {
        let families: [Family] = try read("split-pieces.json")
        #expect(families.count > 10)
        for family in families {
            let steps = try family.sources.map { try CutStep.split(SplitPattern($0)) }
            if let named = NamedPatterns.steps(family.name) { #expect(named == steps, "\(family.name)") }
            for expected in family.pieces {
                let found = pieces(bytes(expected.joined()), steps)
                #expect(found == expected.map(bytes), "\(family.name): \(expected)")
            }
        }
    }

    @Test func everyNameHasPatterns() throws {
        for (names, sources) in NamedPatterns.all {
            #expect(NamedPatterns.steps(names[0])?.count == sources.count, "\(names)")
        }
    }

    @Test(arguments: [
        "(?<=a+)b", "(a+b?)+c", "(a+|b)*c", "[[:alpha:]]", "\\G", "(", "a)", "[", "a{3,1}", "\\p{Nonsense}", "(a)\\1",
        "\\K", "",
    ])
    func whatIsBeyondTheSubset(_ source: String) {
        if source.isEmpty {
            #expect((try? SplitPattern(source)) != nil)
        } else {
            #expect(throws: SplitPatternError.self) { try SplitPattern(source) }
        }
    }

    @Test func whatIsDropped() throws {
        let pattern = try SplitPattern(#"\p{L}+"#, .removed, isInverted: true)
        #expect(pieces(bytes("ab 12 é"), [.split(pattern)]) == [bytes("ab"), bytes("é")])
    }

    /// Long runs take neither a deep stack nor quadratic time.
    @Test func longRuns() throws {
        for name in ["deepseek-v3", "falcon", "jais-2", "superbpe", "afmoe", "tiny_aya", "exaone-moe", "kimi-k2"] {
            let steps = try #require(NamedPatterns.steps(name))
            for part in ["a", " ", "\n", "7", "é", "-"] {
                let text = bytes(String(repeating: part, count: 100_000))
                #expect(pieces(text, steps).reduce(0) { $0 + $1.count } == text.count)
            }
        }
    }
}
