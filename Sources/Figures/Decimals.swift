/// Numbers as people read them.
extension Double {
    /// The number with so many decimal places.
    public func decimal(_ places: Int) -> String {
        guard isFinite, magnitude < 1e15 else { return isNaN ? "-" : "\(self)" }
        let scale = (0..<places).reduce(1.0) { value, _ in value * 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 9e15 else { return "\(self)" }
        let digits = String(Int(scaled))
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return sign + digits }
        let filled = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return sign + filled.dropLast(places) + "." + filled.suffix(places)
    }

    /// Three digits that count, and all of those before the point.
    public var figures: String {
        switch magnitude {
        case 100...: decimal(0)
        case 10..<100: decimal(1)
        case 1..<10: decimal(2)
        case 0.01..<1: decimal(3)
        case 0: "0"
        default: decimal(5)
        }
    }

    /// Seconds in milliseconds.
    public func milliseconds(_ places: Int = 1) -> String { (self * 1000).decimal(places) }

    /// A share in percent.
    public func percent(_ places: Int = 0) -> String { "\((self * 100).decimal(places)) %" }
}
