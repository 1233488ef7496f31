/// Cuts text into the pieces of a pre-tokenizer, one after the other; merges never cross their borders.
///
/// Hand-written for the patterns that the models' own tokenizers state as regular expressions.
struct PieceScanner {
    let text: ClassifiedText
    private let preTokenizer: PreTokenizer
    private var position = 0
    /// The ends of the stretches that an outer pattern has cut, which inner patterns cut further.
    private var regionEnd = 0
    private var pieceEnd = 0
    private var numberEnd = 0

    init(_ text: UnsafeBufferPointer<UInt8>, _ preTokenizer: PreTokenizer) {
        self.text = ClassifiedText(text)
        self.preTokenizer = preTokenizer
    }

    /// The next piece, or nil at the end of the text.
    mutating func next() -> Range<Int>? {
        let (start, end) = (position, text.text.count)
        guard start < end else { return nil }
        switch preTokenizer {
        case .gpt2: position = endOfGPT2Piece(from: start, before: end)
        case .llamaBPE: position = endOfLlama3Piece(from: start, before: end, digits: 3)
        case .qwen2: position = endOfLlama3Piece(from: start, before: end, digits: 1)
        case .tekken: position = endOfCasedPiece(from: start, before: end, digits: 1, contractions: false)
        case .gpt4o: position = endOfCasedPiece(from: start, before: end, digits: 3, contractions: true)
        case .smollm: position = endOfSmolLMPiece(from: start, before: end)
        case .standard: position = endOfStandardPiece(from: start, before: end)
        case .split: position = end
        }
        return start..<position
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    private func endOfGPT2Piece(from start: Int, before end: Int) -> Int {
        if let end = text.endOfContraction(from: start, before: end, anyCase: false) { return end }
        var (found, next) = text.scalar(at: start, before: end)
        if text.text[start] == UInt8(ascii: " "), next < end { (found, next) = text.scalar(at: next, before: end) }
        if found.contains(.space) { return text.endOfSpaces(from: start, before: end) }
        if found.contains(.letter) { return text.endOfRun(of: .letter, from: next, before: end) }
        if found.contains(.number) { return text.endOfRun(of: .number, from: next, before: end) }
        return text.endOfRun(without: [.space, .letter, .number], from: next, before: end)
    }

    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|`
    /// `\s+(?!\S)|\s+`, with `digits` for the 3.
    private func endOfLlama3Piece(from start: Int, before end: Int, digits: Int) -> Int {
        if let end = text.endOfContraction(from: start, before: end, anyCase: true) { return end }
        var (found, next) = text.scalar(at: start, before: end)
        if found.contains(.letter) { return text.endOfRun(of: .letter, from: next, before: end) }
        if found.contains(.number) { return endOfNumber(from: start, before: end, digits: digits) }
        if !found.contains(.newline), next < end {
            let (following, afterIt) = text.scalar(at: next, before: end)
            if following.contains(.letter) { return text.endOfRun(of: .letter, from: afterIt, before: end) }
            if text.text[start] == UInt8(ascii: " "), following.isDisjoint(with: [.space, .number]) {
                (found, next) = (following, afterIt)
            }
        }
        guard found.contains(.space) else {
            let marksEnd = text.endOfRun(without: [.space, .letter, .number], from: next, before: end)
            return text.endOfRun(of: .newline, from: marksEnd, before: end)
        }
        return endOfLastNewline(from: start, before: end) ?? text.endOfSpaces(from: start, before: end)
    }

    /// `\p{N}{1,digits}` where a number begins.
    func endOfNumber(from start: Int, before end: Int, digits: Int) -> Int {
        var index = start
        for _ in 0..<digits where index < end {
            let (found, next) = text.scalar(at: index, before: end)
            guard found.contains(.number) else { break }
            index = next
        }
        return index
    }

    /// `\s*[\r\n]+`: the end of the last newline in the run of spaces at `start`, if it has one.
    func endOfLastNewline(from start: Int, before end: Int) -> Int? {
        var (index, last) = (start, Int?.none)
        while index < end {
            let (found, next) = text.scalar(at: index, before: end)
            guard found.contains(.space) else { break }
            if found.contains(.newline) { last = next }
            index = next
        }
        return last
    }

    /// Each digit by itself, GPT-2's pattern between them.
    private mutating func endOfSmolLMPiece(from start: Int, before end: Int) -> Int {
        if start >= regionEnd {
            let (found, next) = text.scalar(at: start, before: end)
            if found.contains(.digit) { return next }
            regionEnd = text.endOfRun(without: .digit, from: next, before: end)
        }
        return endOfGPT2Piece(from: start, before: regionEnd)
    }

    /// Four patterns, each cutting what the ones before it have left: `[\p{P}$+<=>^~|]+`, GPT-2's, `\p{N}+`,
    /// `[0-9][0-9][0-9]`.
    private mutating func endOfStandardPiece(from start: Int, before end: Int) -> Int {
        if start >= regionEnd {
            let (found, next) = text.scalar(at: start, before: end)
            if found.contains(.mark) { return text.endOfRun(of: .mark, from: next, before: end) }
            regionEnd = text.endOfRun(without: .mark, from: next, before: end)
        }
        if start >= pieceEnd { pieceEnd = endOfGPT2Piece(from: start, before: regionEnd) }
        if start >= numberEnd {
            let (found, next) = text.scalar(at: start, before: pieceEnd)
            guard found.contains(.number) else { return text.endOfRun(without: .number, from: next, before: pieceEnd) }
            numberEnd = text.endOfRun(of: .number, from: next, before: pieceEnd)
        }
        if threeDigits(at: start, before: numberEnd) { return start + 3 }
        var index = start
        while index < numberEnd, !threeDigits(at: index, before: numberEnd) {
            index = text.scalar(at: index, before: numberEnd).next
        }
        return index
    }

    private func threeDigits(at start: Int, before end: Int) -> Bool {
        start + 3 <= end && text.text[start..<(start + 3)].allSatisfy { (0x30...0x39).contains($0) }
    }
}
