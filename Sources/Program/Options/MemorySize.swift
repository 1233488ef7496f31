import ArgumentParser

/// A number of bytes as people write it: 4G, 512M, 65536K or plain bytes; each step is 1024.
struct MemorySize: ExpressibleByArgument {
    let bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        var digits = argument[...]
        if digits.last == "B" || digits.last == "b" { digits.removeLast() }
        if digits.last == "i" { digits.removeLast() }
        let shift = ["K": 10, "M": 20, "G": 30, "T": 40][digits.last?.uppercased() ?? ""]
        if shift != nil { digits.removeLast() }
        guard let number = Int(digits), number > 0, number <= Int.max >> (shift ?? 0) else { return nil }
        bytes = number << (shift ?? 0)
    }

    /// The size as it would be given.
    var defaultValueDescription: String {
        if bytes % (1 << 20) == 0 { return "\(bytes >> 20)M" }
        return bytes % (1 << 10) == 0 ? "\(bytes >> 10)K" : "\(bytes)"
    }
}
