import ArgumentParser
import BatchJobs
import Engine
import ReportSchemas
import Requests

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer one prompt, or a file of them.",
        discussion: """
            A file of prompts (--prompts) has one JSON object a line: prompt, messages (with tools, if any) or prompt_ids, \
            and where they differ from the flags id, system, raw, max_tokens, temperature, top_k, top_p, min_p, \
            repeat_penalty, frequency_penalty, presence_penalty, repeat_last_n, logit_bias, seed, stop and ignore_eos. \
            What would change an answer and is not built, such as response_format or grammar, is an error of its line. \
            Results come as lines of JSON, each as soon as it is there.
            """)

    @OptionGroup var job: JobOptions
    @OptionGroup var prompt: PromptOptions
    @OptionGroup var template: TemplateOptions
    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var batch: BatchOptions
    @OptionGroup var emulation: EmulationOptions

    func validate() throws {
        if prompt.prompts == nil, !batch.isEmpty {
            throw ValidationError("--output and --max-sequences go with --prompts.")
        }
        if prompt.prompts != nil, emulation.emulate != nil {
            throw ValidationError("--emulate goes with one prompt; bench --emulate runs many sequences.")
        }
    }

    func run() throws {
        if let prompts = prompt.prompts { return try runBatch(prompts) }
        var configuration = job.configuration
        configuration.emulation = try emulation.configuration()
        try Job.run(configuration, observer: JobConsole(job)) { model, rules in
            let options = try sampling.options(for: model)
            return options.request(for: try prompt.ids(for: model, template, rules))
        } coordinate: { coordinator, request, facts in
            let result = try coordinator.generate(request, hashesLogits: job.json) { text in
                if !job.json { Console.print(text) }
            }
            if job.json {
                try Console.print(json: GenerationReport(result, facts))
            } else {
                if !result.text.hasSuffix("\n") { Console.print("\n") }
                Console.waitForAnswer()
                Console.log(FiguresLine(result.timings, facts).text + "\n")
            }
            result.sayWhetherCut(maxTokens: request.maxTokens, contextLength: coordinator.contextLength)
        }
    }

    private func runBatch(_ prompts: String) throws {
        let maxSequences = batch.maxSequences ?? BatchOptions.defaultMaxSequences
        var configuration = job.configuration
        configuration.maxSequences = maxSequences
        let progress = BatchProgress()
        var failedCount = 0
        try Job.run(configuration, observer: JobConsole(job)) { model, _ in
            let defaults = BatchDefaults(
                encoder: try template.encoder(for: model), options: try sampling.options(for: model),
                raw: prompt.raw, system: prompt.system)
            return try BatchJob(
                prompts: prompts, output: batch.output, defaults, maxSequences: maxSequences, hashesLogits: job.json,
                onProgress: progress.show)
        } coordinate: { coordinator, batch, facts in
            let sums = try batch.run(serve: coordinator.serve)
            failedCount = sums.failed
            BatchProgress.clear()
            Console.waitForAnswer()
            Console.log(BatchFigures(sums, facts, maxSequences: maxSequences).text + "\n")
            sums.sayWhetherCut(contextLength: coordinator.contextLength)
        }
        guard failedCount > 0 else { return }
        Console.logAndWait(
            "stagecoach: \(failedCount) \(failedCount == 1 ? "line" : "lines") could not be taken; "
                + "the results say why, under \"error\"\n")
        throw JobFailure(status: EngineError.Kind.badInput.rawValue)
    }
}
