import ArgumentParser
import Engine

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer one prompt, or a file of them.",
        discussion: """
            A file of prompts (--prompts) has one JSON object a line: prompt, messages or prompt_ids, and where they \
            differ from the flags id, system, raw, max_tokens, temperature, top_k, top_p, min_p, repeat_penalty, \
            frequency_penalty, presence_penalty, seed, stop and ignore_eos. Results come as lines of JSON, each as soon as it is there.
            """)

    @OptionGroup var job: JobOptions
    @OptionGroup var prompt: PromptOptions
    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var batch: BatchOptions

    func validate() throws {
        if prompt.prompts == nil, !batch.isEmpty {
            throw ValidationError("--output and --max-sequences go with --prompts.")
        }
    }

    func run() throws {
        if let prompts = prompt.prompts { return try runBatch(prompts) }
        try Job.run(job.configuration, observer: JobConsole()) { model, rules in
            try sampling.check(for: model)
            return try prompt.ids(for: model, rules)
        } coordinate: { coordinator, promptIDs, facts in
            let result = try coordinator.generate(sampling.request(for: promptIDs), hashesLogits: job.json) { text in
                if !job.json { Console.print(text) }
            }
            if job.json {
                try printJSONLine(GenerationReport(result, facts))
            } else {
                if !result.text.hasSuffix("\n") { Console.print("\n") }
                Console.waitForAnswer()
                Console.log(FiguresLine(result.timings, facts).text + "\n")
            }
        }
    }

    private func runBatch(_ prompts: String) throws {
        let maxSequences = batch.maxSequences ?? BatchOptions.defaultMaxSequences
        var configuration = job.configuration
        configuration.maxSequences = maxSequences
        var failedCount = 0
        try Job.run(configuration, observer: JobConsole()) { model, _ in
            try sampling.check(for: model)
            let defaults = BatchDefaults(
                encoder: PromptEncoder(model), sampling: sampling, raw: prompt.raw, system: prompt.system)
            return try BatchJob(
                prompts: prompts, output: batch.output, defaults, maxSequences: maxSequences, json: job.json)
        } coordinate: { coordinator, batch, facts in
            let sums = try batch.run(coordinator)
            failedCount = sums.failed
            BatchProgress.clear()
            Console.waitForAnswer()
            Console.log(BatchFigures(sums, facts, maxSequences: maxSequences).text + "\n")
        }
        guard failedCount > 0 else { return }
        Console.logAndWait(
            "stagecoach: \(failedCount) \(failedCount == 1 ? "line" : "lines") could not be taken; "
                + "the results say why, under \"error\"\n")
        throw JobFailure(status: EngineError.Kind.badInput.rawValue)
    }
}
