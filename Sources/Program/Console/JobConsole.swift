import Engine

/// Shows people how a job goes.
final class JobConsole: JobObserver {
    private let delivery = ProgressBar(label: "sending")
    private let bar = ProgressBar(label: "loading")

    func delivered(_ bytes: Int, of total: Int) { delivery.advance(by: bytes, of: total) }
    func finishedDelivering() { delivery.finish() }

    func loaded(_ bytes: Int, of total: Int) { bar.advance(by: bytes, of: total) }
    func finishedLoading() { bar.finish() }
    func noted(_ message: String) { Console.log("stagecoach: \(message)\n") }
    func failed(_ message: String) {
        bar.finish()
        Console.logAndWait("stagecoach: \(message)\n")
    }
}
