import Platform
import ReportSchemas
import Requests
import Synchronization

/// Writes results as they come, on a thread of its own: a slow reader of the output does not hold up the engine.
final class ResultWriter: Sendable {
    enum Item: Sendable {
        case result(BatchResult, Timings)
        case failure(BatchFailure)
        case end
    }

    private let queue = BlockingQueue<Item>()
    private let output: BatchOutput
    private let writtenFailures: Set<[UInt8]>
    private let tally: BatchTally
    private let onItem: @Sendable () -> Void
    private let problem = Mutex<EngineError?>(nil)

    /// - Parameters:
    ///   - writtenFailures: Lines that are there already.
    ///   - onItem: Told after each item that it is written, or dropped since nothing can be written any more.
    init(
        _ output: BatchOutput, writtenFailures: Set<[UInt8]>, tally: BatchTally,
        onItem: @escaping @Sendable () -> Void
    ) {
        self.output = output
        self.writtenFailures = writtenFailures
        self.tally = tally
        self.onItem = onItem
    }

    func append(_ item: Item) { queue.append(item) }

    /// Why nothing can be written any more.
    var failure: EngineError? { problem.withLock { $0 } }

    /// Writes until the end.
    ///
    /// - Parameter onFailure: Told once, if something cannot be written.
    func run(onFailure: () -> Void) {
        while true {
            queue.waitUntilFilled()
            for item in queue.takeAll() {
                if case .end = item { return }
                do {
                    if failure == nil { try write(item) }
                } catch {
                    problem.withLock { $0 = error as? EngineError ?? .failure("\(error)") }
                    onFailure()
                }
                onItem()
            }
        }
    }

    private func write(_ item: Item) throws {
        switch item {
        case .result(let result, let timings):
            try output.write(JSONLine.bytes(result))
            tally.end(timings, isCut: result.cutByContext == true)
        case .failure(let failure):
            let line = try JSONLine.bytes(failure)
            if !writtenFailures.contains(Array(line.dropLast())) { try output.write(line) }
            tally.end(nil)
        case .end: break
        }
    }
}
