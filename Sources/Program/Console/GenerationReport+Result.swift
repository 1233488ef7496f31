import Engine
import ReportSchemas
import Requests

extension GenerationReport {
    init(_ result: GenerationResult, _ facts: JobFacts) {
        self.init(
            promptIDs: result.promptIDs, ids: result.ids, text: result.text, stopReason: result.stopReason.rawValue,
            seed: result.seed, ranks: facts.rankCount, threads: facts.threadCount, partition: facts.partition,
            logitsHash: result.logitsHash, timings: TimingsReport(result.timings),
            loading: facts.loading.map(LoadingReport.init), emulated: facts.isEmulated ? true : nil)
    }
}
