import Platform
import Requests
import Synchronization
import SystemPackage

/// A file of prompts on its way through the engine: one thread reads them as there is room, the engine's generates, one
/// writes the results as they come.
public final class BatchJob: Sendable {
    private let input: BatchInput
    private let output: BatchOutput
    private let defaults: BatchDefaults
    private let hashesLogits: Bool
    private let mailbox = Mailbox()
    private let tally = BatchTally()
    private let writer: ResultWriter
    /// For requests between the input and the output: those that run, and as many that wait for their turn.
    private let places: CountingSemaphore
    private let readFailure = Mutex<EngineError?>(nil)
    /// Whether nothing is generated any more.
    private let isOver = Atomic(false)

    init(
        _ input: BatchInput, _ output: BatchOutput, _ defaults: BatchDefaults, maxSequences: Int, hashesLogits: Bool,
        onProgress: @escaping @Sendable (BatchTally) -> Void = { _ in }
    ) {
        self.input = input
        self.output = output
        self.defaults = defaults
        self.hashesLogits = hashesLogits
        let places = CountingSemaphore(2 * maxSequences)
        self.places = places
        writer = ResultWriter(output, writtenFailures: input.finished.failures, tally: tally) { [tally] in
            places.signal()
            onProgress(tally)
        }
    }

    /// - Parameters:
    ///   - prompts: The file of lines, or `-` for standard input.
    ///   - output: The file of results; nil for standard output.
    ///   - onProgress: Told after each line that is done.
    public convenience init(
        prompts: String, output: String?, _ defaults: BatchDefaults, maxSequences: Int, hashesLogits: Bool,
        onProgress: @escaping @Sendable (BatchTally) -> Void
    ) throws(EngineError) {
        let descriptor: FileDescriptor
        do throws(Errno) {
            descriptor =
                prompts == "-"
                ? .standardInput
                : try Errno.catching { try .open(FilePath(prompts), .readOnly, options: .closeOnExec) }
        } catch { throw .badInput("cannot read \(prompts): \(error); check the path") }
        var finished = FinishedLines()
        let results = try output.map { path throws(EngineError) in
            let results = try BatchOutput(path: path, reading: descriptor)
            finished = try results.readBack()
            return results
        }
        let name = prompts == "-" ? "standard input" : prompts
        self.init(
            BatchInput(descriptor, name: name, finished: finished), results ?? BatchOutput(), defaults,
            maxSequences: maxSequences, hashesLogits: hashesLogits, onProgress: onProgress)
    }

    /// Runs the job on the engine thread.
    ///
    /// - Parameter serve: Does what the mailbox asks for until it is closed.
    /// - Returns: What was done.
    public func run(serve: (Mailbox) throws -> Void) throws -> BatchTally.Sums {
        let writing = try BackgroundThread { [self] in
            writer.run { mailbox.close(finishing: false) }
        }
        // Nobody waits for this one: where the job ends early, it may sleep in a read for ever.
        _ = try BackgroundThread { [self] in
            read()
            mailbox.close(finishing: true)
        }
        do {
            defer {
                isOver.store(true, ordering: .relaxed)
                places.signal()  // It may wait for a place too.
                writer.append(.end)
                writing.join()
                output.close()
            }
            try serve(mailbox)
        }
        if let failure = writer.failure ?? readFailure.withLock({ $0 }) { throw failure }
        return tally.sums
    }

    private func read() {
        defer { input.close() }
        do {
            while !isOver.load(ordering: .relaxed), writer.failure == nil, let line = try input.next() { take(line) }
        } catch {
            readFailure.withLock { $0 = error }
        }
    }

    private func take(_ line: BatchInput.Line) {
        if line.isFinished { return tally.skip() }
        places.wait()
        tally.begin()
        do {
            let request = try defaults.request(for: line.request.get())
            mailbox.start(request, hashesLogits: hashesLogits) { [self] in
                end(line.id, line.number, $0, maxTokens: request.maxTokens)
            }
        } catch let error as RequestError {
            fail(line.id, line.number, error.lineText)
        } catch {
            fail(line.id, line.number, "\(error)")
        }
    }

    private func end(_ id: LineID, _ number: Int, _ event: EngineEvent, maxTokens: Int) {
        switch event {
        case .ended(let result) where result.stopReason != .cancelled:
            writer.append(.result(BatchResult(id, result, maxTokens: maxTokens), result.timings))
        case .refused(let reason), .failed(let reason):
            fail(id, number, reason)
        case .prompt, .token, .ended, .lost:
            break  // The job ends early; the next one does these.
        }
    }

    private func fail(_ id: LineID, _ number: Int, _ reason: String) {
        writer.append(.failure(BatchFailure(id: id, line: number, error: reason)))
    }
}
