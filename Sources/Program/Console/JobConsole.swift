import Engine
import Glibc
import Launching

/// Shows people how a job goes.
final class JobConsole: JobObserver {
    private let signals: EndSignals?
    private let delivery = ProgressBar(label: "sending")
    private let bar = ProgressBar(label: "loading")

    /// - Parameter signals: Who owns the signals that end this process; nil: nobody.
    init(signals: EndSignals? = nil) { self.signals = signals }

    /// Comes before there is any other thread.
    convenience init(_ options: JobOptions) throws {
        // Of all ranks the first one has something to do before it is ended.
        let isNeeded = options.trace != nil && LauncherRank.isFirst
        self.init(signals: isNeeded ? try EndSignals([SIGTERM, SIGINT]) : nil)
    }

    func mayEnd(_ lastWords: @escaping @Sendable () -> Void) { signals?.beforeEnd(lastWords) }

    func delivered(_ bytes: Int, of total: Int) { delivery.advance(by: bytes, of: total) }
    func finishedDelivering() { delivery.finish() }

    func loaded(_ bytes: Int, of total: Int) { bar.advance(by: bytes, of: total) }
    func finishedLoading() { bar.finish() }
    func noted(_ message: String) { Console.log("stagecoach: \(message)\n") }
    let lastWords: @Sendable (String?) -> Void = { reason in
        if Console.showsProgress { Console.log("\r\u{1B}[2K") }
        if let reason { Console.logAndWait("stagecoach: \(reason)\n") }
    }
    func failed(_ message: String) {
        bar.finish()
        Console.logAndWait("stagecoach: \(message)\n")
    }
}
