/// Which route a request goes to, however its path is written: with a slash too many, in percent-encoding, with or without
/// `/v1`, since some clients are told of it and others put it there themselves.
struct RequestPath: Sendable {
    let route: Route?
    /// What the route's `{model}` stands for, which may have slashes of its own; otherwise empty.
    let model: String

    init(_ path: String) {
        var parts = path.split(separator: "/").map(Self.decoded)
        if parts.count > 1, parts[0] == "v1" { parts.removeFirst() }
        let isModel = parts.count > 1 && parts[0] == "models"
        route = isModel ? .model : Self.routes[parts]
        model = isModel ? parts.dropFirst().joined(separator: "/") : ""
    }

    private static let routes: [[String]: Route] = Dictionary(
        uniqueKeysWithValues: Route.allCases.map { route in
            (route.path.split(separator: "/").map(String.init).filter { $0 != "v1" }, route)
        })

    /// Without percent-encoding (RFC 3986, section 2.1); what is none stays.
    private static func decoded(_ part: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(part.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.allSatisfy(\.isHexDigit), digits.utf8.count == 2 {
                bytes.append(UInt8(digits, radix: 16)!)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
