import ArgumentParser
import Engine

struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Answer one prompt.")

    @OptionGroup var job: JobOptions
    @OptionGroup var prompt: PromptOptions
    @OptionGroup var sampling: SamplingOptions

    func run() throws {
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
}
