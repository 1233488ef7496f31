extension Double {
    /// The number with `places` decimals.
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

    /// The number as people read it: three digits that count, all of those before the point.
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

    /// The number beside a tick: thousands are k, millions M.
    var tickLabel: String {
        switch magnitude {
        case 1e6...: (self / 1e6).short + "M"
        case 1e4..<1e6: (self / 1e3).short + "k"
        default: short
        }
    }

    /// The number for a coordinate: without trailing zeros.
    var short: String {
        var text = decimal(magnitude < 0.01 && self != 0 ? 5 : 2)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text == "-0" ? "0" : text
    }
}
