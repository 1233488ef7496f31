import Requests
import Ring
import Sampling
import Scheduling
import Testing
import Tokenization
import Transformer

@testable import Engine

/// Consumers of other kinds than a generation.
@Suite("Consumers of a sequence's rows")
struct ConsumerTests {
    /// Wants the hidden states of all its tokens.
    private final class HiddenStates: SequenceConsumer {
        private(set) var rows: [[Float]] = []
        /// How many came at once.
        private(set) var counts: [Int] = []
        private(set) var end: [TokenID] = []
        let rowContents = RowContents.hiddenStates

        func take(_ rows: SequenceRows, of sequence: TokenSequence, _ sampler: inout Sampler) -> Answer {
            counts.append(rows.positions.count)
            for position in rows.positions where position == self.rows.count {
                self.rows.append(Array(rows.hiddenStates(at: position)))
            }
            return Answer(isLast: self.rows.count == sequence.tokens.count)
        }

        func end(_ sequence: TokenSequence) { end = sequence.tokens }
    }

    /// Answers with the tokens of a script, several at once, and keeps what would have been the likeliest.
    private final class Script: SequenceConsumer {
        private var answers: [[TokenID]]
        private(set) var likeliest: [TokenID] = []
        private(set) var end: [TokenID] = []

        init(_ answers: [[TokenID]]) { self.answers = answers }

        func take(_ rows: SequenceRows, of sequence: TokenSequence, _ sampler: inout Sampler) throws -> Answer {
            #expect(rows.positions.upperBound == sequence.tokens.count)
            likeliest.append(TokenID(try rows.logits(after: rows.positions.upperBound - 1).likeliest()))
            return Answer(tokens: answers.isEmpty ? [] : answers.removeFirst(), isLast: answers.isEmpty)
        }

        func end(_ sequence: TokenSequence) { end = sequence.tokens }
    }

    /// Ends that count the rows whose logits they compute.
    private final class CountingEnds: ModelEnds {
        private let inner: any ModelEnds
        private(set) var counts: [Int] = []

        init(_ inner: any ModelEnds) { self.inner = inner }

        func embed(_ tokens: ArraySlice<Int32>, into hidden: UnsafeMutablePointer<Float>) throws {
            try inner.embed(tokens, into: hidden)
        }

        func logits(of hidden: UnsafePointer<Float>, count: Int) -> LogitTile {
            counts.append(count)
            return inner.logits(of: hidden, count: count)
        }
    }

    /// Takes its rows, then fails.
    private final class Failing: SequenceConsumer {
        func take(_ rows: SequenceRows, of sequence: TokenSequence, _ sampler: inout Sampler) throws -> Answer {
            for position in rows.positions { _ = rows.logits(after: position) }
            throw EngineError.badInput("no")
        }

        func fail(_ error: any Error) {}
    }

    /// Keeps how many rows were sampled from at a time.
    private final class SampledRows: StageObserver {
        let phase: UInt32 = 0
        private(set) var counts: [Int] = []

        func note(_ activity: Activity, start: Int64, end: Int64, microbatch: UInt64, rows: Int) {
            if activity == .sample { counts.append(rows) }
        }

        func beginPhase() {}
        func mark(_ name: String, at time: Int64, _ details: [String: Int]) {}
    }

    private static let prompt: [TokenID] = (0..<70).map { 3 + $0 * 7 % 500 }

    private func withCoordinator(_ body: (Coordinator, CountingEnds) throws -> Void) throws {
        for layers in [[3], [1, 2]] {
            var ends: CountingEnds?
            try LoopbackRing.run(
                layerCounts: layers, sequences: 4, kvBlocks: 12,
                replaceEnds: {
                    ends = CountingEnds($0)
                    return ends!
                },
                { try body($0, ends!) })
        }
    }

    @Test("Hidden states come for those that ask for them, without a logit computed, and are what logits are made of")
    func hiddenStates() throws {
        try withCoordinator { coordinator, ends in
            let score = try coordinator.score(Self.prompt)
            let computed = ends.counts.count
            let consumer = HiddenStates()
            _ = try coordinator.add(SequenceRequest(tokens: Self.prompt, wantsAllRows: true), consumer)
            while try coordinator.step() {}
            #expect(ends.counts.count == computed)
            #expect(consumer.rows.count == 70 && consumer.end == Self.prompt)
            // All rows of a microbatch at once: chunks of 48.
            #expect(consumer.counts == [48, 22])
            let likeliest = try consumer.rows.map { row in
                try row.withUnsafeBufferPointer {
                    TokenID(try ends.logits(of: $0.baseAddress!, count: 1)[0].likeliest())
                }
            }
            #expect(likeliest == score.argmax)
        }
    }

    @Test("Beside them others get the logits that they get alone")
    func mixed() throws {
        try withCoordinator { coordinator, ends in
            let request = GenerationRequest(
                promptIDs: [5, 6, 7], maxTokens: 30, parameters: SamplingParameters(), seed: 0, ignoresEndTokens: true)
            let alone = try coordinator.generate(request, hashesLogits: true)
            var results: [GenerationResult] = []
            for index in 0..<3 {
                try coordinator.start(request) { results.append($0) }
                if index == 1 {
                    let tokens = SequenceRequest(tokens: Self.prompt, wantsAllRows: true)
                    _ = try coordinator.add(tokens, HiddenStates())
                }
            }
            while try coordinator.step() {}
            #expect(results.map(\.logitsHash) == Array(repeating: alone.logitsHash, count: 3))
            // Tokens that decode side by side share a pass over the head.
            #expect(ends.counts.contains { $0 > 1 })
        }
    }

    @Test("The rows of a consumer that fails are not counted as the next one's")
    func failing() throws {
        let observer = SampledRows()
        try LoopbackRing.run(layerCounts: [3], sequences: 4, kvBlocks: 12, observer: observer) { coordinator in
            _ = try coordinator.add(SequenceRequest(tokens: [5, 6, 7], wantsAllRows: true), Failing())
            _ = try coordinator.add(SequenceRequest(tokens: [8, 9]), Script([[]]))
            while try coordinator.step() {}
        }
        // Each sequence's own, and then all that the frame brought.
        #expect(observer.counts == [3, 1, 4])
    }

    @Test("A consumer may answer with several tokens at once: what follows is as if they had come one by one")
    func severalTokens() throws {
        try withCoordinator { coordinator, _ in
            let answers: [[TokenID]] = [[11], [12, 13, 14], Array(20..<90), [15, 16], []]
            let all = Self.prompt + answers.flatMap { $0 }
            let score = try coordinator.score(all)
            let consumer = Script(answers)
            _ = try coordinator.add(SequenceRequest(tokens: Self.prompt), consumer)
            while try coordinator.step() {}
            #expect(consumer.end == all)
            var position = Self.prompt.count - 1
            let expected = answers.map { tokens in
                defer { position += tokens.count }
                return score.argmax[position]
            }
            #expect(consumer.likeliest == expected)
        }
    }
}
