/// The host that a request is for, as its field `Host` or a page's origin names it, without the port (RFC 3986, section
/// 3.2.2).
struct HostName: Sendable {
    /// In lower case, without brackets and without a dot at its end; empty where the field is.
    let text: String
    /// Whether it is an address and no name.
    let isAddress: Bool

    /// - Parameter authority: Such as `localhost:8080` or `[::1]`; nil comes of what is none.
    init?(_ authority: some StringProtocol) {
        let isBracketed = authority.hasPrefix("[")
        let end = isBracketed ? authority.firstIndex(of: "]") : authority.firstIndex(of: ":")
        if isBracketed, end == nil { return nil }
        let host = authority[..<(end ?? authority.endIndex)].drop { $0 == "[" }
        let port = authority[(end ?? authority.endIndex)...].drop { $0 == "]" }
        let isHost = host.utf8.allSatisfy { byte in isBracketed ? Self.isOfAddress(byte) : Self.isOfName(byte) }
        guard isHost, port.isEmpty || port.first == ":" && port.dropFirst().allSatisfy(\.isASCIIDigit) else {
            return nil
        }
        text = (host.hasSuffix(".") ? String(host.dropLast()) : String(host)).lowercased()
        // Names that end in a number are addresses, in whatever way these are written (URL Standard, section 3.5).
        let last = text.split(separator: ".").last ?? ""
        isAddress = isBracketed || last.first?.isASCIIDigit == true && last.allSatisfy(\.isHexDigitOrX)
    }

    /// Of an origin such as `https://example.org:8443`; nil of `null`.
    init?(origin: String) {
        guard let range = origin.firstRange(of: "://") else { return nil }
        self.init(origin[range.upperBound...])
    }

    /// Whether the public name service has no such name: nobody elsewhere decides where it leads.
    var isPrivate: Bool { isAddress || !text.contains(".") || Self.privateEnds.contains { text.hasSuffix($0) } }

    /// RFC 6761, RFC 6762, RFC 8375, and what ICANN keeps free.
    private static let privateEnds = [".localhost", ".local", ".internal", ".home.arpa"]

    private static func isOfName(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\"#/:<>?@[\\]^`{|}".utf8.contains(byte)
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool { isOfName(byte) || byte == UInt8(ascii: ":") }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isWholeNumber }
    fileprivate var isHexDigitOrX: Bool { isASCII && isHexDigit || self == "x" }
}
