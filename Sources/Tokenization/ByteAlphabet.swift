/// The alphabet in which byte-level vocabularies write bytes, so that every token is printable text (GPT-2's
/// `bytes_to_unicode`): printable Latin-1 bytes are themselves, the other 68 are U+0100 and up in ascending order.
public enum ByteAlphabet {
    /// The byte that a scalar below `limit` stands for, or -1.
    private static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: limit)
        var next = 0x100
        for byte in 0..<256 {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: table[byte] = Int16(byte)
            default:
                table[next] = Int16(byte)
                next += 1
            }
        }
        return table
    }()

    private static let limit = 0x100 + 68

    /// The letter of each byte, in UTF-8.
    private static let letters: [[UInt8]] = {
        var table = [[UInt8]](repeating: [], count: 256)
        for (scalar, byte) in bytes.enumerated() where byte >= 0 {
            table[Int(byte)] = Unicode.Scalar(UInt32(scalar)).map { Array(String($0).utf8) } ?? []
        }
        return table
    }()

    /// The text that stands for `bytes`.
    public static func encoded(_ bytes: [UInt8]) -> [UInt8] { bytes.flatMap { letters[Int($0)] } }

    /// Appends the bytes that `text` stands for; returns false, with nothing appended, where it is not in the alphabet.
    static func decode(_ text: ArraySlice<UInt8>, into output: inout [UInt8]) -> Bool {
        let start = output.count
        var index = text.startIndex
        while index < text.endIndex {
            var scalar = Int(text[index])
            index += 1
            // The alphabet ends at U+0143, so two bytes are the most a letter takes.
            if scalar >= 0x80, index < text.endIndex {
                scalar = (scalar & 0x3F) << 6 | Int(text[index] & 0x3F)
                if text[index - 1] & 0xE0 != 0xC0 { scalar = limit }
                index += 1
            }
            guard scalar < limit, bytes[scalar] >= 0 else {
                output.removeSubrange(start...)
                return false
            }
            output.append(UInt8(truncatingIfNeeded: bytes[scalar]))
        }
        return true
    }
}
