/// Text as SentencePiece wants it: U+2581 for each space, and one more in front.
enum SentencePieceText {
    static func escaped(_ text: some Collection<UInt8>, addingPrefix: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 2 + 3)
        if addingPrefix { result += spaceMark }
        for byte in text {
            if byte == UInt8(ascii: " ") { result += spaceMark } else { result.append(byte) }
        }
        return result
    }
}
