import FoundationEssentials

/// A time as the field `Date` has it (RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// - Parameter date: Since 1970.
    static func text(_ date: Date) -> String {
        // 2026-11-30T19:13:54Z
        let words = date.formatted(.iso8601).split { "-T:Z".contains($0) }.map(String.init)
        let day = Int(date.timeIntervalSince1970 / 86400)
        let month = months[(Int(words[1]) ?? 1) - 1]
        return "\(weekdays[day % 7]), \(words[2]) \(month) \(words[0]) \(words[3]):\(words[4]):\(words[5]) GMT"
    }
}
