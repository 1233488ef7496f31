import Testing

@testable import Tokenization

@Suite struct DetokenizerTests {
    /// Streaming gives the text that decoding gives, in whole characters, for any ids at all.
    @Test(arguments: Family.present) func streamsWhatDecodingGives(_ family: Family) throws {
        let tokenizer = try family.tokenizer()
        let count = TokenID(tokenizer.vocabulary.count)
        var generator = SystemRandomNumberGenerator()
        for round in 0..<300 {
            let ids = (0..<20).map { _ in
                Int.random(in: 0..<8, using: &generator) == 0
                    ? [-1, .min, .max, count, 0, 1, 2].randomElement(using: &generator)!
                    : TokenID.random(in: 0..<(round % 2 == 0 ? count : min(count, 300)), using: &generator)
            }
            for includeSpecial in [false, true] {
                var stream = StreamingDetokenizer(tokenizer, includeSpecial: includeSpecial)
                var text: [UInt8] = []
                for id in ids { text += bytes(stream.append(id)) }
                text += bytes(stream.finish())
                let decoded = UTF8Repair.repaired(tokenizer.decode(ids, includeSpecial: includeSpecial))
                #expect(text == decoded, "\(ids)")
            }
        }
    }

    @Test func holdsBackHalfCharacters() throws {
        let tokenizer = try Family(name: "small-llama2", path: Family.small[0].path).tokenizer()
        let ids = tokenizer.encode(bytes("a🙂"), recognizeSpecial: false, addBOS: false)
        var stream = StreamingDetokenizer(tokenizer, includeSpecial: false)
        #expect(ids.count == 6 || ids.count == 5)
        var parts = ids.map { stream.append($0) }
        #expect(parts.popLast() == "🙂" && parts.suffix(3) == ["", "", ""])
        #expect(parts.joined() == "a" && stream.finish() == "")
    }

    @Test func unfinishedCharacterIsReplaced() throws {
        let tokenizer = try Family.small[0].tokenizer()
        let half = tokenizer.vocabulary.byteTokens[0xF0]
        var stream = StreamingDetokenizer(tokenizer, includeSpecial: false)
        #expect(stream.append(half) == "")
        #expect(stream.finish() == "\u{FFFD}" && stream.finish() == "")
    }

    @Test func spacePrefixComesOffOnce() throws {
        let tokenizer = try Family.small[0].tokenizer()
        let ids = tokenizer.encode(bytes(" the"), recognizeSpecial: false, addBOS: false)
        #expect(tokenizer.decode(ids, includeSpecial: false) == bytes(" the"))
        #expect(tokenizer.decode([1] + ids, includeSpecial: false) == bytes(" the"))
        #expect(tokenizer.decode([1] + ids, includeSpecial: true) == bytes("<s>  the"))
        var stream = StreamingDetokenizer(tokenizer, includeSpecial: false, continuesText: true)
        #expect(ids.map { stream.append($0) }.joined() == "  the")
    }
}
