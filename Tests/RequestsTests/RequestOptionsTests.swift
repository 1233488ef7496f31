import Requests
import Testing

@testable import ModelFiles

/// What is asked for where several have a say.
@Suite("Request options")
struct RequestOptionsTests {
    @Test("What is said first counts, and what nobody says is off")
    func completion() {
        var flags = RequestOptions()
        flags.temperature = 0.5
        flags.maxTokens = 7
        flags.stopStrings = []
        let defaults = SamplingDefaults(temperature: 0.9, topK: 40)
        var line = RequestOptions()
        line.maxTokens = 3
        line.seed = .max
        line.stopStrings = ["x"]
        line.ignoresEndTokens = true
        let request = line.completed(by: flags).completed(by: RequestOptions(defaults)).request(for: [1, 2])
        #expect(request.promptIDs == [1, 2] && request.maxTokens == 3 && request.seed == .max)
        #expect(request.parameters.temperature == 0.5 && request.parameters.topK == 40)
        #expect(request.parameters.topP == 1 && request.parameters.repeatPenalty == 1)
        #expect(request.stopStrings == ["x"] && request.ignoresEndTokens)
        // Saying none is saying something.
        #expect(flags.completed(by: line).stopStrings == [])
    }

    @Test("Where nothing is said, the context ends a greedy answer")
    func nothingSaid() {
        let request = RequestOptions().request(for: [5])
        #expect(request.maxTokens == .max && request.seed == 0 && request.parameters.temperature == 0)
        #expect(request.stopStrings.isEmpty && !request.ignoresEndTokens && request.logprobs == nil)
    }
}
