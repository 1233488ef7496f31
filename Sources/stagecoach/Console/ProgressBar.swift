/// Shows how far something long has come, where people watch.
final class ProgressBar {
    private let label: String
    private var done = 0
    private var shownPercent: Int?

    init(label: String) { self.label = label }

    func advance(by bytes: Int, of total: Int) { show(done + bytes, of: total) }

    /// Shows that `done` of `total` bytes are through.
    func show(_ done: Int, of total: Int) {
        self.done = done
        let percent = total > 0 ? min(100, done * 100 / total) : 100
        guard Console.showsProgress, percent != shownPercent else { return }
        shownPercent = percent
        let filled = percent * 30 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        Console.log("\r\(label) \(bar) \(percent) % of \((total + (1 << 19)) >> 20) MiB")
    }

    /// Takes the line away.
    func finish() {
        if shownPercent != nil { Console.log("\r\u{1B}[2K") }
        shownPercent = nil
    }
}
