/// Numbers and words in columns.
extension Double {
    /// The number with so many decimal places.
    func decimal(_ places: Int) -> String {
        guard isFinite, abs(self) < 1e15 else { return "\(self)" }
        let scale = (0..<places).reduce(1.0) { value, _ in value * 10 }
        let scaled = Int((self * scale).rounded())
        guard places > 0 else { return "\(scaled)" }
        let digits = "\(abs(scaled))"
        let filled = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return (scaled < 0 ? "-" : "") + filled.dropLast(places) + "." + filled.suffix(places)
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
    func padded(left width: Int) -> String { String(repeating: " ", count: max(1, width - count)) + self }
}
