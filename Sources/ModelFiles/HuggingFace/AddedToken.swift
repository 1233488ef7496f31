import OrderedJSON

/// A token beside the vocabulary, as tokenizer.json and tokenizer_config.json describe it.
struct AddedToken {
    let text: [UInt8]
    let isSpecial: Bool
    let stripsLeft: Bool
    let stripsRight: Bool

    init(_ value: JSONValue) throws(ModelFileProblem) {
        guard let text = value["content"]?.bytes else {
            throw .invalidTokenizer(reason: "an added token has no text")
        }
        self.text = text
        isSpecial = value["special"]?.bool ?? false
        stripsLeft = value["lstrip"]?.bool ?? false
        stripsRight = value["rstrip"]?.bool ?? false
    }
}
