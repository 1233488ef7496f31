import Foundation
import Requests
import Sampling
import Synchronization
import Testing
import Tokenization

@testable import Server

/// The form of the older API, piece by piece.
@Suite("Text completions")
struct TextFormatTests {
    /// Spells tokens, and counts how often.
    private final class Speller: Sendable {
        private let calls = Mutex(0)
        var count: Int { calls.withLock { $0 } }
        func text(_ id: TokenID) -> String {
            calls.withLock { $0 += 1 }
            return String(repeating: "ü", count: Int(id))
        }
    }

    private func format(_ speller: Speller, echoed: [String]? = nil) -> TextFormat {
        TextFormat(
            head: AnswerHead(id: "cmpl-1", created: 0, model: "m", seed: 0), answers: 1, echoed: echoed,
            tellsLogprobs: true, streamsUsage: false, spelling: speller.text)
    }

    private func logprobs(_ id: TokenID) -> TokenLogprobs {
        TokenLogprobs(token: .init(id: id, logprob: -1), likeliest: [])
    }

    private func offsets(_ bytes: [UInt8]) throws -> [Int] {
        let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        let choice = (object?["choices"] as? [[String: Any]])?.first
        return try #require((choice?["logprobs"] as? [String: Any])?["text_offset"] as? [Int])
    }

    @Test("A stream looks at each token once, however many came before")
    func eachTokenOnce() throws {
        let speller = Speller()
        var format = format(speller)
        let choice = Choice(index: 0, request: RequestOptions().request(for: [1]))
        for index in 0..<500 {
            let piece = Piece(text: "ü", logprobs: [logprobs(1), logprobs(2)])
            #expect(try offsets(format.piece(piece, of: choice)) == [3 * index, 3 * index + 1])
        }
        #expect(speller.count == 1000)
    }

    @Test("Offsets go on after an echo, and a whole answer has the same ones")
    func offsetsAfterEcho() throws {
        let speller = Speller()
        var format = format(speller, echoed: ["prompt"])
        var choice = Choice(index: 0, request: RequestOptions().request(for: [2, 3]))
        let first = Piece(prompt: [logprobs(3)], logprobs: [logprobs(1)])
        #expect(try offsets(format.piece(first, of: choice)) == [0, 2, 5])
        #expect(try offsets(format.piece(Piece(logprobs: [logprobs(4)]), of: choice)) == [6])
        #expect(try offsets(format.piece(Piece(logprobs: [logprobs(1)]), of: choice)) == [10])
        choice.piece = Piece(prompt: [logprobs(3)], logprobs: [logprobs(1), logprobs(4), logprobs(1)])
        let whole = format.whole([choice], Usage(promptTokens: 2, cachedTokens: 0, completionTokens: 3))
        #expect(try offsets(whole) == [0, 2, 5, 6, 10])
    }
}
