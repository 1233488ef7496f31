import Sampling
import Testing
import Tokenization

@Suite struct SamplingParametersTests {
    @Test func defaultsAreValidAndGreedy() throws {
        try SamplingParameters().validate(vocabSize: 10)
        #expect(SamplingParameters().temperature == 0)
    }

    @Test func valuesWithoutMeaningAreRefused() {
        refuse("temperature -1.0 is not possible: it must be 0 (greedy) or a positive number") { $0.temperature = -1 }
        refuse("temperature nan is not possible: it must be 0 (greedy) or a positive number") { $0.temperature = .nan }
        refuse("temperature inf is not possible: it must be 0 (greedy) or a positive number") {
            $0.temperature = .infinity
        }
        refuse("top-k -1 is not possible: it must be 0 (keep all) or more") { $0.topK = -1 }
        refuse("top-p 1.5 is not possible: it must be from 0 to 1 (keep all)") { $0.topP = 1.5 }
        refuse("top-p nan is not possible: it must be from 0 to 1 (keep all)") { $0.topP = .nan }
        refuse("min-p -0.1 is not possible: it must be from 0 (keep all) to 1") { $0.minP = -0.1 }
        refuse("repeat penalty 0.0 is not possible: it must be from 0.01 to 100 (1 is off)") { $0.repeatPenalty = 0 }
        refuse("frequency penalty nan is not possible: it must be from -100 to 100 (0 is off)") {
            $0.frequencyPenalty = .nan
        }
        refuse("presence penalty 1e+30 is not possible: it must be from -100 to 100 (0 is off)") {
            $0.presencePenalty = 1e30
        }
        refuse("penalty window -3 is not possible: it must be 0 or more tokens") { $0.penaltyWindow = -3 }
        refuse("logit bias for token 10 is not possible: it must be for tokens 0 to 9") { $0.logitBias = [10: 1] }
        refuse("logit bias for token -1 is not possible: it must be for tokens 0 to 9") { $0.logitBias = [-1: 1] }
        refuse("logit bias inf for token 1 is not possible: it must be from -1e6 to 1e6, or -inf to ban the token") {
            $0.logitBias = [1: .infinity]
        }
        refuse("logit biases ban every token: leave at least one") {
            $0.logitBias = Dictionary(uniqueKeysWithValues: (0..<10).map { (TokenID($0), -Double.infinity) })
        }
    }

    private func refuse(
        _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout SamplingParameters) -> Void
    ) {
        var parameters = SamplingParameters()
        change(&parameters)
        let error = #expect(throws: SamplingParametersError.self, sourceLocation: sourceLocation) {
            try parameters.validate(vocabSize: 10)
        }
        #expect(error?.description == message, sourceLocation: sourceLocation)
    }
}
