/// Turns tokens into text as they come, never half a character.
///
/// The strings that `append` and `finish` return join to the text of all tokens, malformed bytes read as U+FFFD.
public struct StreamingDetokenizer: Sendable {
    private var decoder: TokenDecoder
    /// The beginning of a character whose other bytes are still to come.
    private var pending: [UInt8] = []

    /// - Parameters:
    ///   - includeSpecial: as in `Tokenizer.decode`.
    ///   - continuesText: whether the tokens go on from other text; then SentencePiece's first space is kept.
    public init(_ tokenizer: Tokenizer, includeSpecial: Bool, continuesText: Bool = false) {
        decoder = TokenDecoder(tokenizer.vocabulary, includeSpecial: includeSpecial, continuesText: continuesText)
    }

    /// The text that `id` completes: whole characters, or nothing yet.
    public mutating func append(_ id: TokenID) -> String {
        decoder.append(id, to: &pending)
        let whole = pending.count - UTF8Repair.lengthOfOpenCharacter(pending)
        defer { pending.removeFirst(whole) }
        return String(decoding: UTF8Repair.repaired(pending[..<whole]), as: UTF8.self)
    }

    /// What is left when no more tokens come: U+FFFD for a character that was never completed.
    public mutating func finish() -> String {
        defer { pending.removeAll() }
        return String(decoding: UTF8Repair.repaired(pending[...]), as: UTF8.self)
    }
}
