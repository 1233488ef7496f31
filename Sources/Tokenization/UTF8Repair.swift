/// Well-formed UTF-8 from any bytes.
public enum UTF8Repair {
    /// `bytes` with U+FFFD for each maximal part of a character that is not well-formed (the Unicode Standard,
    /// section 3.9, "U+FFFD Substitution of Maximal Subparts"), as Python's `errors="replace"` does.
    public static func repaired(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let rest = bytes[index...]
            let (length, isWhole) = firstCharacter(of: rest)
            let next = bytes.index(index, offsetBy: length)
            if isWhole { result.append(contentsOf: bytes[index..<next]) } else { result += [0xEF, 0xBF, 0xBD] }
            index = next
        }
        return result
    }

    /// How many bytes at the end begin a character that more bytes could complete.
    static func lengthOfOpenCharacter(_ bytes: [UInt8]) -> Int {
        for length in [3, 2, 1] where length <= bytes.count {
            let tail = bytes.suffix(length)
            guard let first = tail.first, first >= 0xC2, first < 0xF5 else { continue }
            let (covered, isWhole) = firstCharacter(of: tail)
            if !isWhole, covered == length, length < lengthOfCharacter(startingWith: first) { return length }
        }
        return 0
    }

    private static func lengthOfCharacter(startingWith first: UInt8) -> Int {
        first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    }

    /// The length of the character at the start, or of the longest beginning of one (at least 1), and which it is.
    private static func firstCharacter(of bytes: some Collection<UInt8>) -> (length: Int, isWhole: Bool) {
        let first = bytes.first!
        if first < 0x80 { return (1, true) }
        guard (0xC2...0xF4).contains(first) else { return (1, false) }
        let wanted = lengthOfCharacter(startingWith: first)
        var length = 1
        for byte in bytes.dropFirst().prefix(wanted - 1) {
            let allowed = length == 1 ? secondBytes(after: first) : 0x80...0xBF
            guard allowed.contains(byte) else { break }
            length += 1
        }
        return (length, length == wanted)
    }

    /// Table 3-7: some second bytes would make overlong forms, surrogates, or go beyond U+10FFFF.
    private static func secondBytes(after first: UInt8) -> ClosedRange<UInt8> {
        switch first {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
