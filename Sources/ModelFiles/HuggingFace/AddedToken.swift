import OrderedJSON

/// A token beside the vocabulary, as tokenizer.json and tokenizer_config.json describe it.
struct AddedToken {
    let text: [UInt8]
    private(set) var isSpecial: Bool
    let stripsLeft: Bool
    let stripsRight: Bool
    /// Whether it is none inside a word.
    let isWholeWord: Bool
    /// Whether it is looked for in text that has been normalized.
    let isNormalized: Bool

    /// A special token with nothing to say about its surroundings, or an added one.
    init(_ text: [UInt8], isSpecial: Bool) {
        self.text = text
        self.isSpecial = isSpecial
        (stripsLeft, stripsRight, isWholeWord, isNormalized) = (false, false, false, false)
    }

    /// The same token as a special one.
    var special: AddedToken {
        var token = self
        token.isSpecial = true
        return token
    }

    init(_ value: JSONValue) throws(ModelFileProblem) {
        guard let text = value["content"]?.bytes else {
            throw .invalidTokenizer(reason: "an added token has no text")
        }
        self.text = text
        isSpecial = value["special"]?.bool ?? false
        stripsLeft = value["lstrip"]?.bool ?? false
        stripsRight = value["rstrip"]?.bool ?? false
        isWholeWord = value["single_word"]?.bool ?? false
        isNormalized = value["normalized"]?.bool ?? !isSpecial
    }
}
