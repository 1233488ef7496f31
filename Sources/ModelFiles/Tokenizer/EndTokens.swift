import Tokenization

/// Tokens that models are known to end turns with, whatever their files say.
enum EndTokens {
    /// Those among control and user-defined tokens.
    static func known(_ tokens: [[UInt8]], _ kinds: [TokenKind]) -> Set<TokenID> {
        var ends: Set<TokenID> = []
        for (id, (token, kind)) in zip(tokens, kinds).enumerated()
        where (kind == .control || kind == .userDefined) && texts.contains(token) {
            ends.insert(TokenID(id))
        }
        return ends
    }

    private static let texts = Set(
        [
            "</s>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|im_end|>", "<|endoftext|>", "<|end|>",
            "<end_of_turn>", "<end_of_utterance>", "<EOT>",
        ].map { Array($0.utf8) })
}
