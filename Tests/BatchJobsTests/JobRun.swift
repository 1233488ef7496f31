import Foundation
import ModelFiles
import Requests
import Synchronization
import TestSupport

@testable import BatchJobs

/// Runs batch jobs in a folder of their own, over an engine that gives each request its prompt's last id as often as it
/// asks for.
final class JobRun {
    let folder = NSTemporaryDirectory() + "stagecoach-batchjob-\(UUID().uuidString)"
    /// Requests that reached the engine, in their order.
    private let asked = Mutex<[GenerationRequest]>([])

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var requests: [GenerationRequest] { asked.withLock { $0 } }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ name: String, _ text: String) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        return path(name)
    }

    /// The lines of the output file, as objects.
    func results(_ name: String = "out.jsonl") throws -> [[String: Any]] {
        try String(contentsOfFile: path(name), encoding: .utf8).split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }
    }

    /// - Parameters:
    ///   - output: nil: `out.jsonl` in the folder.
    ///   - endsAfter: How many requests the engine answers before it ends for a reason of its own.
    func run(
        _ lines: String, output: String? = nil, maxSequences: Int = 2, endsAfter: Int = .max,
        change: (inout RequestOptions) -> Void = { _ in }
    ) throws -> BatchTally.Sums {
        var options = RequestOptions()
        options.maxTokens = 2
        change(&options)
        let model = try Model(path: TestFiles.fixture("llama2/llama2-f32.gguf"))
        let defaults = BatchDefaults(encoder: PromptEncoder(model), options: options, raw: false, system: nil)
        let rules = PromptRules(model.configuration, contextLength: 16)
        let job = try BatchJob(
            prompts: write("in.jsonl", lines), output: output ?? path("out.jsonl"), defaults,
            maxSequences: maxSequences, hashesLogits: false
        ) { _ in }
        return try job.run { mailbox in
            var left = endsAfter
            var isClosing = false
            while !isClosing || mailbox.hasMail {
                mailbox.waitForMail()
                for message in mailbox.takeMail() {
                    switch message {
                    case .start(let request, _, _):
                        guard left > 0 else {
                            mailbox.shut("the test ends it")
                            throw EngineError.failure("the test ends it")
                        }
                        left -= 1
                        asked.withLock { $0.append(request) }
                        answer(request, rules, mailbox)
                    case .cancel: break
                    case .close: isClosing = true
                    }
                }
            }
            mailbox.shut("the engine has ended")
        }
    }

    private func answer(_ request: GenerationRequest, _ rules: PromptRules, _ mailbox: Mailbox) {
        do { try request.check(rules) } catch { return mailbox.deliver(.refused("\(error)"), to: request.id) }
        var timings = Timings()
        timings.prefillTokens = request.promptIDs.count
        let result = GenerationResult(
            promptIDs: request.promptIDs,
            ids: Array(
                repeating: request.promptIDs.last!,
                count: min(request.maxTokens, rules.room(after: request.promptIDs.count))),
            text: "text", stopReason: .length, seed: request.seed, timings: timings)
        mailbox.deliver(.ended(result), to: request.id)
    }
}
