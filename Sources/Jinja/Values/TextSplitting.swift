extension ArraySlice<TextUnit> {
    /// Without the units at its ends that `isTaken` names.
    func trimmed(leading: Bool, trailing: Bool, _ isTaken: (TextUnit) -> Bool) -> ArraySlice<TextUnit> {
        var rest = self
        if leading { rest = rest.drop(while: isTaken) }
        if trailing { while let last = rest.last, isTaken(last) { rest.removeLast() } }
        return rest
    }

    /// Words with white space between them; at most `most` cuts, from the left or the right.
    func words(most: Int, fromRight: Bool) -> [ArraySlice<TextUnit>] {
        var words: [ArraySlice<TextUnit>] = []
        var rest = trimmed(leading: true, trailing: true, \.isSpace)
        while !rest.isEmpty, words.count < most {
            if fromRight {
                let start = rest.lastIndex(where: \.isSpace).map { $0 + 1 } ?? rest.startIndex
                words.append(rest[start...])
                rest = rest[..<start].trimmed(leading: false, trailing: true, \.isSpace)
            } else {
                let end = rest.firstIndex(where: \.isSpace) ?? rest.endIndex
                words.append(rest[..<end])
                rest = rest[end...].trimmed(leading: true, trailing: false, \.isSpace)
            }
        }
        if !rest.isEmpty { words.append(rest) }
        return fromRight ? words.reversed() : words
    }

    /// Lines as Python's `splitlines` cuts them.
    func lines(keepingEnds: Bool) -> [ArraySlice<TextUnit>] {
        var lines: [ArraySlice<TextUnit>] = []
        var start = startIndex
        var index = startIndex
        while index < endIndex {
            guard Self.endsLine(self[index].value) else {
                index += 1
                continue
            }
            let isPair = self[index] == "\r" && index + 1 < endIndex && self[index + 1] == "\n"
            let end = index + (isPair ? 2 : 1)
            lines.append(self[start..<(keepingEnds ? end : index)])
            (start, index) = (end, end)
        }
        if start < endIndex { lines.append(self[start...]) }
        return lines
    }

    private static func endsLine(_ value: UInt32) -> Bool {
        (0x0A...0x0D).contains(value) || (0x1C...0x1E).contains(value) || value == 0x85 || value == 0x2028
            || value == 0x2029
    }
}

extension Interpreter {
    /// `text` cut at each `separator`, at most `most` times, from the left or the right.
    func split(
        _ text: [TextUnit], at separator: [TextUnit], most: Int = .max, fromRight: Bool = false
    ) throws -> [ArraySlice<TextUnit>] {
        let places = try places(of: separator, in: text, fromRight: fromRight, most: most)
        var parts: [ArraySlice<TextUnit>] = []
        var start = 0
        for place in places {
            parts.append(text[start..<place])
            start = place + separator.count
        }
        return parts + [text[start...]]
    }

    /// Where `part`, which is not empty, begins in `text`, without overlaps.
    func places(of part: [TextUnit], in text: [TextUnit], fromRight: Bool = false, most: Int = .max) throws -> [Int] {
        if fromRight {
            let mirrored = try places(of: part.reversed(), in: text.reversed(), most: most)
            return mirrored.reversed().map { text.count - $0 - part.count }
        }
        var places: [Int] = []
        var rest = text[...]
        while places.count < most, let place = try firstPlace(of: part, in: rest) {
            places.append(place)
            rest = rest[(place + part.count)...]
        }
        return places
    }

    /// Python's `str.replace`; nothing is found around each unit.
    func replace(
        _ text: [TextUnit], _ old: [TextUnit], with new: [TextUnit], most: Int = .max
    ) throws -> [TextUnit] {
        if old.isEmpty {
            let times = min(most, text.count + 1)
            try charge(units: text.count + times.multipliedReportingOverflow(by: new.count).partialValue)
            var result: [TextUnit] = []
            for (index, unit) in text.enumerated() {
                if index < times { result += new }
                result.append(unit)
            }
            return times > text.count ? result + new : result
        }
        let parts = try split(text, at: old, most: most)
        try charge(units: text.count + (parts.count - 1).multipliedReportingOverflow(by: new.count).partialValue)
        return Array(parts.joined(separator: new))
    }
}
