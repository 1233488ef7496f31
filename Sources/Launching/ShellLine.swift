extension [String] {
    /// The words as one types them into a shell, on one line.
    public var shellLine: String { map(\.shellWord).joined(separator: " ") }
}

extension String {
    fileprivate var shellWord: String {
        if !isEmpty, utf8.allSatisfy(Self.isPlain) { return self }
        if unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "$'" + unicodeScalars.map(Self.escaped).joined() + "'"
        }
        return "'" + unicodeScalars.map { $0 == "'" ? "'\\''" : "\($0)" }.joined() + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "_./:,=@%+-".utf8.contains(byte)
        }
    }

    /// Inside `$'...'`.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        case "\u{1B}": "\\E"
        case "'", "\\": "\\\(scalar)"
        case _ where scalar.properties.generalCategory == .control:
            "\(scalar)".utf8.map { byte in
                let digits = String(byte, radix: 8)
                return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }.joined()
        default: "\(scalar)"
        }
    }
}
