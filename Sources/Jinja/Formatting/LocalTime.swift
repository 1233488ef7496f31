/// A moment on the clock and calendar of the place: what `strftime_now` formats.
public struct LocalTime: Sendable, Equatable {
    public var year: Int
    /// 1 to 12.
    public var month: Int
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int
    /// Days since Sunday.
    public var weekday: Int
    /// 1 to 366.
    public var dayOfYear: Int

    public init(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, weekday: Int, dayOfYear: Int
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.weekday = weekday
        self.dayOfYear = dayOfYear
    }

    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `format` with its `%` codes replaced, in the C locale.
    func formatted(_ format: [TextUnit]) -> [TextUnit] {
        var result: [TextUnit] = []
        var rest = format[...]
        while let unit = rest.popFirst() {
            guard unit == "%", let code = rest.popFirst() else {
                result.append(unit)
                continue
            }
            if code == "-", let numeric = rest.first, let text = text(numeric.scalar) {
                rest.removeFirst()
                let short = text.drop { $0 == "0" || $0 == " " }
                result += Array(short.isEmpty ? "0" : short)
            } else if let text = text(code.scalar) {
                result += Array(text)
            } else {
                result += [unit, code]
            }
        }
        return result
    }

    private func text(_ code: Unicode.Scalar) -> String? {
        let hour12 = hour % 12 == 0 ? 12 : hour % 12
        return switch code {
        case "a": String(Self.days[weekday].prefix(3))
        case "A": Self.days[weekday]
        case "w": String(weekday)
        case "u": String(weekday == 0 ? 7 : weekday)
        case "d": padded(day)
        case "e": padded(day, with: " ")
        case "b", "h": String(Self.months[month - 1].prefix(3))
        case "B": Self.months[month - 1]
        case "m": padded(month)
        case "y": padded(year % 100)
        case "Y": String(year)
        case "C": padded(year / 100)
        case "H": padded(hour)
        case "k": padded(hour, with: " ")
        case "I": padded(hour12)
        case "l": padded(hour12, with: " ")
        case "p": hour < 12 ? "AM" : "PM"
        case "M": padded(minute)
        case "S": padded(second)
        case "f": "000000"
        case "j": padded(dayOfYear, to: 3)
        case "U": padded((dayOfYear - 1 + 7 - weekday) / 7)
        case "W": padded((dayOfYear - 1 + 7 - (weekday + 6) % 7) / 7)
        case "z", "Z": ""
        case "F": "\(year)-\(padded(month))-\(padded(day))"
        case "D", "x": "\(padded(month))/\(padded(day))/\(padded(year % 100))"
        case "T", "X": "\(padded(hour)):\(padded(minute)):\(padded(second))"
        case "R": "\(padded(hour)):\(padded(minute))"
        case "r": "\(padded(hour12)):\(padded(minute)):\(padded(second)) \(hour < 12 ? "AM" : "PM")"
        case "c":
            "\(Self.days[weekday].prefix(3)) \(Self.months[month - 1].prefix(3)) \(padded(day, with: " ")) "
                + "\(padded(hour)):\(padded(minute)):\(padded(second)) \(year)"
        case "n": "\n"
        case "t": "\t"
        case "%": "%"
        default: nil
        }
    }

    private func padded(_ number: Int, to width: Int = 2, with fill: String = "0") -> String {
        let digits = String(number)
        return String(repeating: fill, count: max(0, width - digits.utf8.count)) + digits
    }
}
