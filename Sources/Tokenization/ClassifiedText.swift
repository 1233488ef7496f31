/// UTF-8 text read one scalar at a time as classes, for the pre-tokenizers.
///
/// Where the text is malformed it is cut somewhere, within its bounds.
struct ClassifiedText {
    let text: UnsafeBufferPointer<UInt8>
    private let ascii = CharacterClass.ofASCII

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// The class of the scalar at `index` and where the next one begins, at most at `end`.
    @inline(__always)
    func scalar(at index: Int, before end: Int) -> (class: CharacterClass, next: Int) {
        let first = text[index]
        return first < 0x80 ? (ascii[Int(first)], index + 1) : longScalar(at: index, before: end)
    }

    private func longScalar(at index: Int, before end: Int) -> (class: CharacterClass, next: Int) {
        let (value, next) = Self.value(at: index, before: end, in: text)
        if value < 0x10000 { return (CharacterClass.ofFirstPlane[Int(value)], next) }
        return (Unicode.Scalar(value).map { CharacterClass(of: $0) } ?? [], next)
    }

    /// The scalar value that begins at `index`, taking well-formed UTF-8 for granted, and where the next one begins.
    static func value(at index: Int, before end: Int, in text: UnsafeBufferPointer<UInt8>) -> (UInt32, next: Int) {
        let first = text[index]
        let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard length > 1 else { return (UInt32(first), index + 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        let next = min(index + length, end)
        for index in (index + 1)..<next { value = value << 6 | UInt32(text[index] & 0x3F) }
        return (value, next)
    }

    /// Where the run of scalars that have one of these classes ends, from `start` on.
    @inline(__always)
    func endOfRun(of classes: CharacterClass, from start: Int, before end: Int) -> Int {
        var index = start
        while index < end {
            let (found, next) = scalar(at: index, before: end)
            if found.isDisjoint(with: classes) { break }
            index = next
        }
        return index
    }

    /// Where the run of scalars that have none of these classes ends, from `start` on.
    @inline(__always)
    func endOfRun(without classes: CharacterClass, from start: Int, before end: Int) -> Int {
        var index = start
        while index < end {
            let (found, next) = scalar(at: index, before: end)
            if !found.isDisjoint(with: classes) { break }
            index = next
        }
        return index
    }

    /// Where a run of spaces ends that leaves one of them for the text after it: `\s+(?!\S)|\s+`.
    func endOfSpaces(from start: Int, before end: Int) -> Int {
        var (index, last) = (start, start)
        while index < end {
            let (found, next) = scalar(at: index, before: end)
            if !found.contains(.space) { return last > start ? last : index }
            (last, index) = (index, next)
        }
        return index
    }

    /// Where one of `'s 't 're 've 'm 'll 'd` ends that begins at `start`, or nil.
    func endOfContraction(from start: Int, before end: Int, anyCase: Bool) -> Int? {
        guard text[start] == UInt8(ascii: "'"), start + 1 < end else { return nil }
        // U+017F, the long s, is an s in another case.
        if anyCase, start + 2 < end, text[start + 1] == 0xC5, text[start + 2] == 0xBF { return start + 3 }
        let bit: UInt8 = anyCase ? 0x20 : 0
        switch text[start + 1] | bit {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return start + 2 < end && text[start + 2] | bit == UInt8(ascii: "e") ? start + 3 : nil
        case UInt8(ascii: "l"):
            return start + 2 < end && text[start + 2] | bit == UInt8(ascii: "l") ? start + 3 : nil
        default: return nil
        }
    }
}
