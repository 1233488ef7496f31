import Sampling
import Testing

@Suite struct SamplerTests {
    @Test func greedyTakesTheLowestOfEqualIds() throws {
        #expect(try choose([1, 3, 3, -2, 3]) == 1)
        #expect(try choose([-0.0, 0, 0]) == 0)
        #expect(try choose([-7]) == 0)
        #expect(
            try choose(
                [2, 1, 2],
                {
                    $0.temperature = 1
                    $0.topK = 1
                }) == 0)
        #expect(
            try choose(
                [2, 1, 2],
                {
                    $0.temperature = 1
                    $0.topP = 0
                }) == 0)
        #expect(
            try choose(
                [1, 2, 2],
                {
                    $0.temperature = 1
                    $0.minP = 1
                }, position: 3) >= 1)
        #expect(try choose([1, 2, 2], { $0.presencePenalty = 2 }, history: [1, 2]) == 0)
    }

    @Test func penaltiesChangeLogitsOfTheHistoryOnly() throws {
        // 4 / 1.5 < 3, and -1 * 1.5 < -1.2
        #expect(try choose([4, 3], { $0.repeatPenalty = 1.5 }, history: [0]) == 1)
        #expect(try choose([-1, -1.2], { $0.repeatPenalty = 1.5 }, history: [0]) == 1)
        #expect(try choose([4, 3], { $0.repeatPenalty = 1.3 }, history: [0, 0, 0]) == 0)
        #expect(try choose([4, 3], { $0.frequencyPenalty = 0.4 }, history: [0, 0]) == 0)
        #expect(try choose([4, 3], { $0.frequencyPenalty = 0.4 }, history: [0, 0, 0]) == 1)
        #expect(try choose([4, 3], { $0.presencePenalty = 0.9 }, history: [0, 0, 0]) == 0)
        #expect(try choose([4, 3], { $0.presencePenalty = 1.1 }, history: [0]) == 1)
    }

    /// As OpenAI and vLLM count.
    @Test func penaltiesOfFrequencyLeaveThePromptOut() throws {
        func chosen(_ promptCount: Int, _ change: (inout SamplingParameters) -> Void) throws -> Int32 {
            var parameters = SamplingParameters()
            change(&parameters)
            var sampler = Sampler(vocabSize: 2)
            return try [Float](arrayLiteral: 4, 3).withUnsafeBufferPointer {
                try sampler.sample(
                    $0, processors: sampler.processors(for: parameters, promptCount: promptCount),
                    parameters: parameters, key: RandomKey(seed: 1, position: 0), history: [0, 0, 0, 1])
            }
        }
        for penalize: (inout SamplingParameters) -> Void in [{ $0.frequencyPenalty = 1.1 }, { $0.presencePenalty = 3 }]
        {
            #expect(try chosen(3, penalize) == 0 && chosen(4, penalize) == 0 && chosen(9, penalize) == 0)
        }
        #expect(try chosen(2, { $0.frequencyPenalty = 1.1 }) == 0)
        #expect(try chosen(1, { $0.frequencyPenalty = 1.1 }) == 1)
        #expect(try chosen(1) { ($0.frequencyPenalty, $0.penaltyWindow) = (2.1, 1) } == 0)
        #expect(try chosen(4, { $0.repeatPenalty = 1.5 }) == 0)
        #expect(try chosen(4) { ($0.repeatPenalty, $0.logitBias) = (1.5, [1: 2.1]) } == 1)
    }

    @Test func penaltiesLookAtTheWindow() throws {
        func chosen(_ window: Int?) throws -> Int32 {
            try choose(
                [4, 3],
                {
                    $0.presencePenalty = 2
                    $0.penaltyWindow = window
                }, history: [0, 1, 1, 1])
        }
        #expect(try chosen(3) == 0)
        #expect(try chosen(0) == 0)
        // Both are penalized in the whole history.
        #expect(try chosen(nil) == 0)
        #expect(
            try choose(
                [4, 3],
                {
                    $0.presencePenalty = 2
                    $0.penaltyWindow = nil
                }, history: [0, -1, 9]) == 1)
    }

    @Test func biasComesAfterPenaltiesAndCanBan() throws {
        #expect(try choose([4, 3], { $0.logitBias = [0: -.infinity] }) == 1)
        #expect(try choose([4, 3], { $0.logitBias = [1: 1.5] }) == 1)
        // 4 / 2 + 1.5 > 3: with the bias first it would be (4 + 1.5) / 2 < 3.
        #expect(
            try choose(
                [4, 3],
                {
                    $0.logitBias = [0: 1.5]
                    $0.repeatPenalty = 2
                }, history: [0]) == 0)
        #expect(throws: SamplerError.everyTokenBanned) {
            try choose(
                [4, 3],
                {
                    $0.logitBias = [0: -.infinity, 1: -.infinity]
                    $0.temperature = 1
                })
        }
    }

    @Test func bannedTokensAreNeverDrawn() throws {
        for position in 0..<200 {
            let token = try choose(
                [9, 1, 1],
                {
                    $0.temperature = 5
                    $0.logitBias = [0: -.infinity]
                }, position: position)
            #expect(token != 0)
        }
    }

    @Test func extremeTemperatures() throws {
        #expect(try choose([1, 2, 1.999], { $0.temperature = 1e-300 }) == 1)
        #expect(
            try choose(
                [1, 2, 1.999],
                {
                    $0.temperature = 1e-300
                    $0.topP = 0.9
                }) == 1)
        let drawn = try Set(
            (0..<100).map {
                try choose(
                    [1, 2, 30],
                    {
                        $0.temperature = 1e300
                        $0.topP = 0.99
                    }, position: $0)
            })
        #expect(drawn == [0, 1, 2])
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func nonFiniteLogitsAreAnError(value: Float) {
        for temperature in [0, 0.7] {
            let error = #expect(throws: SamplerError.self) {
                try choose([0, 1, value], { $0.temperature = temperature })
            }
            guard case .nonFiniteLogit(token: 2, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func aRowOfTheWrongLengthIsAnError() {
        var sampler = Sampler(vocabSize: 3)
        #expect(throws: SamplerError.wrongLength(expected: 3, found: 2)) {
            try sample(&sampler, [0, 1], SamplingParameters(), 0, [])
        }
    }

    @Test func drawsFollowTheProbabilities() throws {
        let probabilities = [0.5, 0.25, 0.125, 0.125]
        var sampler = Sampler(vocabSize: 4)
        var parameters = SamplingParameters()
        parameters.temperature = 2
        let logits: [Float] = [0, -1.3862944, -2.7725887, -2.7725887]
        var seen = [0.0, 0, 0, 0]
        let draws = 40_000
        for position in 0..<draws { seen[Int(try sample(&sampler, logits, parameters, position, []))] += 1 }
        for (count, probability) in zip(seen, probabilities) {
            let deviation = (Double(draws) * probability * (1 - probability)).squareRoot()
            #expect((count - Double(draws) * probability).magnitude < 4 * deviation)
        }
    }

    /// Tokens that every host must draw.
    @Test func goldenTokens() throws {
        let logits = (0..<1000).map { Float(($0 &* 7919) % 613) * 0.01 }
        var sampler = Sampler(vocabSize: 1000)
        var parameters = SamplingParameters()
        parameters.temperature = 0.8
        func tokens() throws -> [Int32] {
            try (0..<8).map { try sample(&sampler, logits, parameters, $0, [17, 400, 17]) }
        }
        let plain = try tokens()
        #expect(plain == [859, 40, 932, 184, 419, 852, 896, 773])
        parameters.topK = 40
        parameters.topP = 0.9
        let nucleus = try tokens()
        #expect(nucleus == [736, 895, 932, 184, 123, 503, 883, 736])
        parameters.topK = 0
        parameters.minP = 0.2
        parameters.repeatPenalty = 1.1
        let penalized = try tokens()
        #expect(penalized == [859, 51, 932, 184, 419, 503, 896, 773])
    }
}

/// One token from a fresh sampler with seed 42.
func choose(
    _ logits: [Float], _ change: (inout SamplingParameters) -> Void = { _ in }, position: Int = 0, history: [Int32] = []
) throws -> Int32 {
    var parameters = SamplingParameters()
    change(&parameters)
    var sampler = Sampler(vocabSize: logits.count)
    return try sample(&sampler, logits, parameters, position, history)
}

func sample(
    _ sampler: inout Sampler, _ logits: [Float], _ parameters: SamplingParameters, _ position: Int, _ history: [Int32]
) throws -> Int32 {
    try logits.withUnsafeBufferPointer {
        try sampler.sample(
            $0, processors: sampler.processors(for: parameters), parameters: parameters,
            key: RandomKey(seed: 42, position: position), history: history)
    }
}
