import ArgumentParser

/// A number of bytes as people write it: 4G, 512M, 65536K or plain bytes; each step is 1024.
struct MemorySize: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        var digits = argument[...]
        if digits.last == "B" || digits.last == "b" { digits.removeLast() }
        if digits.last == "i" { digits.removeLast() }
        let shift = ["K": 10, "M": 20, "G": 30, "T": 40][digits.last?.uppercased() ?? ""]
        if shift != nil { digits.removeLast() }
        guard let number = Int(digits), number > 0, number <= Int.max >> (shift ?? 0) else { return nil }
        bytes = number << (shift ?? 0)
    }
}
