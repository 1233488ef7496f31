/// Turns text into tokens and back.
///
/// A value with no state: any number of threads may share one.
public struct Tokenizer: Sendable {
    public let vocabulary: Vocabulary

    public init(_ vocabulary: Vocabulary) {
        self.vocabulary = vocabulary
    }

    /// The tokens of `text`.
    ///
    /// - Parameters:
    ///   - text: well-formed UTF-8 (see `UTF8Repair`); of malformed text only the tokens are unspecified.
    ///   - recognizeSpecial: whether the text of a control or unknown token becomes that token. User-defined tokens
    ///     are always recognised. Of tokens that begin at the same place the longest is taken; spaces around
    ///     one are kept, unless the vocabulary's rules say otherwise. SentencePiece's space prefix is added after each
    ///     recognised token too, as Llama 2's own tokenizer does for each part of a conversation.
    ///   - addBOS: whether to begin with `vocabulary.bos`, where there is one.
    public func encode(_ text: [UInt8], recognizeSpecial: Bool, addBOS: Bool) -> [TokenID] {
        encode(text, recognizeSpecial: recognizeSpecial, addBOS: addBOS, isStart: true)
    }

    /// - Parameter isStart: whether nothing stands before the text, no special token either.
    func encode(_ text: [UInt8], recognizeSpecial: Bool, addBOS: Bool, isStart: Bool) -> [TokenID] {
        var output: [TokenID] = []
        output.reserveCapacity(text.count / 3 + 1)
        if addBOS, let bos = vocabulary.bos { output.append(bos) }
        let matcher = recognizeSpecial ? vocabulary.specialMatcher : vocabulary.userDefinedMatcher
        text.withUnsafeBufferPointer { text in
            switch vocabulary.model {
            case .sentencePiece:
                var encoder = SentencePieceEncoder(vocabulary)
                var isStart = isStart
                encode(text, matching: matcher, into: &output) {
                    encoder.append($0, isStart: isStart, to: &$1)
                    isStart = false
                }
            case .byteLevelBPE(let preTokenizer):
                var encoder = ByteLevelEncoder(vocabulary, preTokenizer)
                var isStart = isStart
                encode(text, matching: matcher, into: &output) {
                    encoder.append($0, isStart: isStart, to: &$1)
                    isStart = false
                }
            }
        }
        return output
    }

    /// Encodes what lies between the tokens that `matcher` finds.
    private func encode(
        _ text: UnsafeBufferPointer<UInt8>, matching matcher: TextMatcher, into output: inout [TokenID],
        encodeText: (UnsafeBufferPointer<UInt8>, inout [TokenID]) -> Void
    ) {
        var cuts = TokenCuts(vocabulary, matcher, in: text)
        while let cut = cuts.next() {
            encodeLater(.init(rebasing: text[cut.text]), into: &output, encodeText)
            output.append(cut.id)
        }
        encodeLater(.init(rebasing: text[cuts.rest]), into: &output, encodeText)
    }

    /// Encodes what lies between the tokens that are found in what others have left.
    private func encodeLater(
        _ text: UnsafeBufferPointer<UInt8>, into output: inout [TokenID],
        _ encodeText: (UnsafeBufferPointer<UInt8>, inout [TokenID]) -> Void
    ) {
        guard !vocabulary.laterMatcher.isEmpty else { return encodeText(text, &output) }
        var cuts = TokenCuts(vocabulary, vocabulary.laterMatcher, in: text)
        while let cut = cuts.next() {
            encodeText(.init(rebasing: text[cut.text]), &output)
            output.append(cut.id)
        }
        encodeText(.init(rebasing: text[cuts.rest]), &output)
    }

    /// The bytes that tokens stand for; they need not be well-formed UTF-8.
    ///
    /// Ids that are no tokens give nothing. SentencePiece's space prefix is taken off the first text.
    ///
    /// - Parameter includeSpecial: whether control tokens (and byte-level models' unknown token) give their text
    ///   rather than nothing.
    public func decode(_ ids: [TokenID], includeSpecial: Bool) -> [UInt8] {
        var decoder = TokenDecoder(vocabulary, includeSpecial: includeSpecial)
        var output: [UInt8] = []
        for id in ids { decoder.append(id, to: &output) }
        return output
    }
}
