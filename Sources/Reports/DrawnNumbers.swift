import Figures

extension Double {
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
