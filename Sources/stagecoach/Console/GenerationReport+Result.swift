import Engine
import ReportSchemas

extension GenerationReport {
    init(_ result: GenerationResult, _ facts: JobFacts) {
        self.init(
            promptIDs: result.promptIDs, ids: result.ids, text: result.text, stopReason: result.stopReason.rawValue,
            seed: result.seed, ranks: facts.rankCount, threads: facts.threadCount, partition: facts.partition,
            logitsHash: result.logitsHash, timings: TimingsReport(result.timings),
            loading: facts.loading.map(LoadingReport.init), emulated: facts.isEmulated ? true : nil)
    }
}

extension TimingsReport {
    init(_ timings: Timings, showsQueue: Bool = false) {
        self.init(
            prefillTokens: timings.prefillTokens, prefillSeconds: timings.prefillSeconds,
            decodeTokens: timings.decodeTokens, decodeSeconds: timings.decodeSeconds,
            ttftSeconds: timings.timeToFirstToken, queueSeconds: showsQueue ? timings.queueSeconds : nil)
    }
}
