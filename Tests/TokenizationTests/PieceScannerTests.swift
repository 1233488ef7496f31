import Testing

@testable import Tokenization

/// The pre-tokenizers by themselves, on texts where their patterns differ.
@Suite struct PieceScannerTests {
    private func pieces(_ text: String, _ preTokenizer: PreTokenizer) -> [String] {
        bytes(text).withUnsafeBufferPointer { text in
            var scanner = PieceScanner(text, preTokenizer)
            var pieces: [String] = []
            while let range = scanner.next() { pieces.append(String(decoding: text[range], as: UTF8.self)) }
            return pieces
        }
    }

    @Test func gpt2() {
        #expect(pieces("Don't  stop 123!\n\n x", .gpt2) == ["Don", "'t", " ", " stop", " 123", "!", "\n\n", " x"])
        #expect(pieces("I'M  ", .gpt2) == ["I", "'", "M", "  "])
        #expect(pieces("a\t\tb", .gpt2) == ["a", "\t", "\t", "b"])
    }

    @Test func llama3() {
        #expect(pieces("I'M 1234567!\n\n x", .llamaBPE) == ["I", "'M", " ", "123", "456", "7", "!\n\n", " x"])
        #expect(pieces("a\t\tb\u{A0}c (d", .llamaBPE) == ["a", "\t", "\tb", "\u{A0}c", " (", "d"])
        #expect(pieces("x'ſy 'lL", .llamaBPE) == ["x", "'ſ", "y", " '", "lL"])
        #expect(pieces(" \n \n  z", .llamaBPE) == [" \n \n", " ", " z"])
    }

    @Test func qwen2() {
        #expect(pieces("ab 12 ٣٤", .qwen2) == ["ab", " ", "1", "2", " ", "٣", "٤"])
    }

    @Test func smolLM() {
        #expect(pieces("v12  3 don't", .smollm) == ["v", "1", "2", "  ", "3", " don", "'t"])
        #expect(pieces("½Ⅷ", .smollm) == ["½", "Ⅷ"])
    }

    @Test func standard() {
        #expect(pieces("a 1234567, b", .standard) == ["a", " ", "123", "456", "7", ",", " b"])
        #expect(pieces("x  .'s", .standard) == ["x", "  ", ".'", "s"])
        #expect(pieces("12٣456", .standard) == ["12٣", "456"])
    }

    /// Whatever the bytes, the pieces are the text in order and no piece is empty.
    @Test(arguments: PreTokenizer.allCases) func anyBytes(_ preTokenizer: PreTokenizer) {
        var generator = SystemRandomNumberGenerator()
        let choices: [UInt8] = [
            0x20, 0x27, 0x0A, 0x31, 0x73, 0x80, 0xC3, 0xC5, 0xBF, 0xE2, 0x80, 0xA8, 0xF0, 0x9F, 0xFF,
        ]
        for _ in 0..<2000 {
            let text = (0..<12).map { _ in choices.randomElement(using: &generator)! }
            text.withUnsafeBufferPointer { text in
                var scanner = PieceScanner(text, preTokenizer)
                var end = 0
                while let range = scanner.next() {
                    #expect(range.lowerBound == end && !range.isEmpty)
                    end = range.upperBound
                }
                #expect(end == text.count)
            }
        }
    }
}
