import Tokenization

/// Tokens that models are known to end turns with, whatever their files say.
enum EndTokens {
    /// Those among the tokens, of whatever kind they are said to be; texts that people may write as well must be special.
    static func known(_ tokens: [[UInt8]], _ kinds: [TokenKind]) -> Set<TokenID> {
        var ends: Set<TokenID> = []
        for (id, (token, kind)) in zip(tokens, kinds).enumerated() {
            switch kind {
            case .control, .userDefined: if marks.contains(token) || words.contains(token) { ends.insert(TokenID(id)) }
            case .normal: if marks.contains(token) { ends.insert(TokenID(id)) }
            case .unknown, .unused, .byte: break
            }
        }
        return ends
    }

    private static let marks = texts([
        "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|im_end|>", "<|endoftext|>", "<|end|>", "<end_of_turn>",
        "<end_of_utterance>", "<｜end▁of▁sentence｜>",
    ])

    /// Byte-level vocabularies made from web pages have such texts as ordinary tokens.
    private static let words = texts(["</s>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]"])

    private static func texts(_ list: [String]) -> Set<[UInt8]> { Set(list.map { Array($0.utf8) }) }
}
