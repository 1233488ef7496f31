import Figures

/// Shows how far something long has come, where people watch.
final class ProgressBar {
    /// What is counted.
    enum Unit { case bytes, layers }

    private let label: String
    private let unit: Unit
    private var done = 0
    private var shownPercent: Int?

    init(label: String, unit: Unit = .bytes) {
        self.label = label
        self.unit = unit
    }

    func advance(by count: Int, of total: Int) { show(done + count, of: total) }

    /// Shows that `done` of `total` are through.
    func show(_ done: Int, of total: Int) {
        self.done = done
        let percent = total > 0 ? min(100, done * 100 / total) : 100
        guard Console.showsProgress, percent != shownPercent else { return }
        shownPercent = percent
        let filled = percent * 30 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let whole = unit == .bytes ? total.mebibytes : "\(total) layers"
        Console.log("\r\(label) \(bar) \(percent) % of \(whole)")
    }

    /// Takes the line away.
    func finish() {
        if shownPercent != nil { Console.log("\r\u{1B}[2K") }
        shownPercent = nil
    }
}
