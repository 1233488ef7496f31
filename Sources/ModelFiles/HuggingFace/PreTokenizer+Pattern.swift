import Tokenization

extension PreTokenizer {
    /// The pre-tokenizer that cuts as this expression does.
    init?(pattern: String) {
        guard let known = Self.byPattern[pattern] else { return nil }
        self = known
    }

    /// The patterns that models cut text by.
    private static let byPattern: [String: PreTokenizer] = {
        let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
        let (mark, newline, rest) = (#"| ?[^\s\p{L}\p{N}]+"#, #"[\r\n]*"#, #"|\s*[\r\n]+|\s+(?!\S)|\s+"#)
        let word = contraction + #"|[^\r\n\p{L}\p{N}]?\p{L}+|"#
        let (upper, lower) = (#"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#, #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#)
        func cased(_ end: String) -> String {
            let before = #"[^\r\n\p{L}\p{N}]?"#
            return "\(before)\(upper)*\(lower)+\(end)|\(before)\(upper)+\(lower)*\(end)|"
        }
        let (digit, digits) = (#"\p{N}"#, #"\p{N}{1,3}"#)
        return [
            word + digits + mark + newline + rest: .llamaBPE,
            word + digit + mark + newline + rest: .qwen2,
            cased("") + digit + mark + #"[\r\n/]*"# + rest: .tekken,
            cased(contraction + "?") + digits + mark + #"[\r\n/]*"# + rest: .gpt4o,
        ]
    }()
}
