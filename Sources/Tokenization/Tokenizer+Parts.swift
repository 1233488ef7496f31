/// A part of a text, and whether the text of a special token in it means that token.
public struct TextPart: Sendable, Equatable {
    public var text: [UInt8]
    public var recognizeSpecial: Bool

    public init(_ text: [UInt8], recognizeSpecial: Bool) {
        self.text = text
        self.recognizeSpecial = recognizeSpecial
    }
}

extension Tokenizer {
    /// The tokens of one text whose parts are not equally trusted: what a person typed cannot become a control token, and
    /// where no part that must not hold special tokens does, the tokens are those of the whole text.
    public func encode(_ parts: [TextPart]) -> [TokenID] {
        var output: [TokenID] = []
        // What lies between two special tokens is encoded as one, wherever parts meet in it.
        var run: [UInt8] = []
        for part in parts {
            guard part.recognizeSpecial else {
                run += part.text
                continue
            }
            part.text.withUnsafeBufferPointer { text in
                var cuts = TokenCuts(vocabulary, vocabulary.specialMatcher, in: text)
                var start = 0
                while let cut = cuts.next() {
                    // User-defined ones are recognised with the text around them, whoever wrote that.
                    guard vocabulary.kinds[Int(cut.id)] != .userDefined else { continue }
                    run += text[start..<max(start, cut.text.upperBound)]
                    output += encode(run, recognizeSpecial: false, addBOS: false, isStart: output.isEmpty)
                    run.removeAll()
                    output.append(cut.id)
                    start = cuts.rest.lowerBound
                }
                run += text[start...]
            }
        }
        return output + encode(run, recognizeSpecial: false, addBOS: false, isStart: output.isEmpty)
    }
}
