/// Tokens of one HTTP request, over all of its choices.
struct Usage: Encodable, Sendable {
    struct PromptDetails: Encodable, Sendable {
        var cachedTokens: Int
    }

    var promptTokens: Int
    /// Every sampled token, end tokens included.
    var completionTokens: Int
    var totalTokens: Int
    var promptTokensDetails: PromptDetails

    init(promptTokens: Int, cachedTokens: Int, completionTokens: Int) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        totalTokens = promptTokens + completionTokens
        promptTokensDetails = PromptDetails(cachedTokens: cachedTokens)
    }
}
