import Foundation
import TestSupport
import Testing

@Suite("tokenize")
struct TokenizeTests {
    private static let model = TestFiles.fixture("tokenization/steps/tekken")

    private struct Line: Decodable, Equatable { let ids: [Int32] }

    @Test("Each line is a text of its own, whatever it holds")
    func lines() async throws {
        let texts = ["Hello", "", "two\nlines \u{2028}é", "[INST]"]
        let input = try texts.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }.joined()
        for flags in [[], ["--special", "--bos"]] {
            let all = try await Stagecoach.run(["tokenize", "--model", Self.model, "--lines"] + flags, input: input)
            #expect(all.succeeded, "\(all)")
            let lines = try all.output.split(separator: "\n").map {
                try JSONDecoder().decode(Line.self, from: Data($0.utf8))
            }
            #expect(lines.count == texts.count)
            for (text, line) in zip(texts, lines) {
                let one = try await Stagecoach.run(["tokenize", "--model", Self.model] + flags, input: text)
                #expect(try JSONDecoder().decode(Line.self, from: Data(one.standardOutput)) == line, "\(text)")
            }
        }
    }

    @Test("A line that is no string is named")
    func wrongLine() async throws {
        let result = try await Stagecoach.run(["tokenize", "--model", Self.model, "--lines"], input: "\"a\"\nb\n")
        #expect(result.exitStatus == 65 && result.errors.contains("line 2 of the input is no JSON string"), "\(result)")
    }
}
