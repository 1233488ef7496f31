/// The cores that a process may run on, as the kernel's affinity mask grants them.
struct CoreMask: Sendable, Equatable {
    /// Bit n is core n.
    private let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// A mask in the kernel's notation: hexadecimal words, commas between them, the highest cores first.
    init?(hexadecimal text: Substring) {
        var bytes: [UInt8] = []
        var digits = text.filter { $0 != "," }[...]
        while !digits.isEmpty {
            guard let byte = UInt8(digits.suffix(2), radix: 16) else { return nil }
            bytes.append(byte)
            digits = digits.dropLast(2)
        }
        self.bytes = bytes
    }

    /// This process's mask; one core where the kernel does not say.
    static func current(root: String = "") -> CoreMask {
        let label = "Cpus_allowed:"
        let lines = SystemFile.read(root + "/proc/self/status")?.split(separator: "\n") ?? []
        guard let line = lines.first(where: { $0.hasPrefix(label) }) else { return CoreMask(bytes: [1]) }
        let mask = line.dropFirst(label.count).filter { !$0.isWhitespace }
        return CoreMask(hexadecimal: mask[...]) ?? CoreMask(bytes: [1])
    }

    /// The mask without leading zeros or commas.
    var hexadecimal: String {
        let digits = bytes.reversed().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return String(digits.drop { $0 == "0" })
    }

    var coreCount: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

    func overlaps(_ other: CoreMask) -> Bool { zip(bytes, other.bytes).contains { $0 & $1 != 0 } }

    /// How many threads the process with this mask should run beside processes with the masks `all`, its own among
    /// them: its cores, divided among those that share any of them.
    func threadShare(among all: [CoreMask]) -> Int {
        let sharers = all.count { $0.overlaps(self) }
        return max(1, coreCount / max(1, sharers))
    }
}
