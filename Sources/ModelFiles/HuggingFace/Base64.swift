/// Bytes written in 64 letters (RFC 4648, section 4).
enum Base64 {
    /// nil for what is none: other letters, or too few at the end.
    static func decoded(_ text: String) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count / 4 * 3)
        var (bits, count) = (UInt32(0), 0)
        var letters = Array(text.utf8)[...]
        guard letters.count.isMultiple(of: 4) else { return nil }
        while letters.last == UInt8(ascii: "="), letters.count + 2 > text.utf8.count { letters.removeLast() }
        for letter in letters {
            guard let value = value(of: letter) else { return nil }
            (bits, count) = (bits << 6 | UInt32(value), count + 6)
            guard count >= 8 else { continue }
            count -= 8
            result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return count < 6 ? result : nil
    }

    private static func value(of letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
