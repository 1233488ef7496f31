import Glibc

/// Where values lie between two ends of a drawing, and which of them get a tick.
struct Axis {
    enum Kind {
        /// From zero up, or down to the least value where that is below.
        case linear
        case logarithmic
        /// These values only, side by side at equal distances.
        case ordinal([Double])
    }

    let ticks: [Double]
    /// The values at its ends.
    var range: ClosedRange<Double> { low...high }
    private let kind: Kind
    private let low: Double
    private let high: Double
    private let start: Double
    private let end: Double

    /// An axis for `values`, drawn from coordinate `start` to `end`.
    init(_ kind: Kind, for values: [Double], from start: Double, to end: Double) {
        self.kind = kind
        self.start = start
        self.end = end
        let values = values.filter(\.isFinite)
        switch kind {
        case .linear:
            let top = values.max() ?? 1
            let bottom = min(0, values.min() ?? 0)
            let step = Self.step(for: (top > bottom ? top - bottom : 1) / 4)
            low = (bottom / step).rounded(.down) * step
            high = max((top / step).rounded(.up) * step, low + step)
            ticks = stride(from: 0, through: ((high - low) / step).rounded(), by: 1).map { [low] in low + $0 * step }
        case .logarithmic:
            let positive = values.filter { $0 > 0 }
            let least = positive.min() ?? 1
            let most = positive.max() ?? 10
            let (bottom, top) = (log10(least).rounded(.down), log10(most).rounded(.up))
            // Narrow ranges begin and end at a 1, 2 or 5, wide ones at a power of ten.
            let marks = stride(from: bottom, through: top, by: 1).flatMap { power in
                [1, 2, 5].map { $0 * pow(10, power) }
            }
            low = marks.last { $0 <= least * 1.0001 } ?? least
            high = marks.first { $0 >= most * 0.9999 && $0 > marks.last { $0 <= least * 1.0001 } ?? least } ?? most * 2
            let inside = marks.filter { [low, high] in $0 >= low * 0.9999 && $0 <= high * 1.0001 }
            let powers = inside.filter { abs(log10($0) - log10($0).rounded()) < 1e-6 }
            ticks = inside.count > 7 && powers.count > 1 ? powers : inside
        case .ordinal(let places):
            (low, high) = (0, Double(places.count))
            ticks = places
        }
    }

    /// Where `value` lies.
    func callAsFunction(_ value: Double) -> Double {
        let share =
            switch kind {
            case .linear: (value - low) / (high - low)
            case .logarithmic: (log10(max(value, low / 10)) - log10(low)) / (log10(high) - log10(low))
            case .ordinal(let places): (Double(places.firstIndex(of: value) ?? 0) + 0.5) / Double(places.count)
            }
        return start + share * (end - start)
    }

    /// The least 1, 2, 2.5 or 5 times a power of ten that is no less than `width`.
    private static func step(for width: Double) -> Double {
        let power = pow(10, log10(width).rounded(.down))
        return [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= width * 0.9999 } ?? 10 * power
    }
}
