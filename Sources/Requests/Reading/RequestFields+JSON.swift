import OrderedJSON

extension RequestFields {
    /// The value of a JSON text, which may begin with a byte order mark as editors write it.
    ///
    /// - Parameters:
    ///   - subject: What the text is, for errors that say what is wrong with it and where.
    ///   - hasLines: Whether the text may have several lines, so that the place names one.
    public static func json(
        _ text: [UInt8], of subject: String, hasLines: Bool = true
    ) throws(RequestError) -> JSONValue {
        let mark = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        do throws(JSONError) { return try JSONValue(reading: text[mark...]) } catch {
            let problem =
                switch error {
                case .invalid(let reason, let position):
                    "not valid JSON: \(reason) at \(place(mark + position, in: text[mark...], hasLines: hasLines))"
                case .tooLarge: "\(error)"
                }
            throw RequestError("\(subject) is \(problem)", code: "invalid_json")
        }
    }

    /// Where something stands, as an editor shows it, and in bytes from the text's first one.
    private static func place(_ position: Int, in text: ArraySlice<UInt8>, hasLines: Bool) -> String {
        let before = text[..<position]
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? text.startIndex
        // Of a character in UTF-8 all bytes but the first begin with the bits 10.
        let column = 1 + before[start...].count { $0 & 0xC0 != 0x80 }
        let line = hasLines ? "line \(1 + before.count { $0 == UInt8(ascii: "\n") }), " : ""
        return "\(line)column \(column) (byte \(position))"
    }
}
