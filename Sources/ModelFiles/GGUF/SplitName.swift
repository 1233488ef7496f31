/// A path that ends like `-00002-of-00003.gguf`.
struct SplitName: Equatable {
    /// From 1.
    let number: Int
    let count: Int
    private let prefix: String

    init?(_ path: String) {
        guard path.hasSuffix(".gguf") else { return nil }
        let fields = path.dropLast(5).split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[fields.count - 2] == "of", let number = Self.number(fields[fields.count - 3]),
            let count = Self.number(fields[fields.count - 1]), (1...count).contains(number)
        else { return nil }
        self.number = number
        self.count = count
        prefix = fields.dropLast(3).joined(separator: "-")
    }

    /// The path of another part.
    func path(of number: Int) -> String { "\(prefix)-\(Self.digits(number))-of-\(Self.digits(count)).gguf" }

    /// A number as it stands in names.
    static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }

    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.count == 5, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else {
            return nil
        }
        return number > 0 ? number : nil
    }
}
