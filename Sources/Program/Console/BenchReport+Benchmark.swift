import Engine
import Figures
import Platform
import ReportSchemas
import Requests

extension BenchReport {
    init(_ explained: [(Benchmark, Explanation?)], _ facts: JobFacts, model: String, barrierSeconds: Double) {
        let first = explained[0].0
        self.init(
            version: Build.version, model: model, emulated: facts.isEmulated ? true : nil,
            machine: Machine(
                host: facts.hosts[0], processor: facts.isEmulated ? "emulated" : Processor.name,
                cores: facts.emulatedHost?.threads ?? Processor.coreCount, cpuQuota: facts.cpuQuota,
                instructionSet: facts.instructionSet,
                readGigabytesPerSecond: first.readBandwidth * 1e-9, barrierSeconds: barrierSeconds,
                integerGigaopsPerSecondPerCore: first.arithmeticPeak.integers * 1e-9,
                floatGigaopsPerSecondPerCore: first.arithmeticPeak.floats * 1e-9),
            loading: facts.loading.map(LoadingReport.init), results: explained.map { BenchResult($0, $1, facts) })
    }
}

extension BenchResult {
    init(_ benchmark: Benchmark, _ explanation: Explanation?, _ facts: JobFacts) {
        self.init(
            ranks: facts.rankCount, threads: facts.threadCount, partition: facts.partition,
            sequences: benchmark.sequences,
            prefillTokensPerSecond: benchmark.prefillRates.percentile(50),
            decodeTokensPerSecond: benchmark.decodeRates.percentile(50),
            prefillGigaopsPerSecondPerCore: benchmark.prefillOperationRate(facts) * 1e-9,
            arithmeticPeakShare: benchmark.prefillOperationRate(facts) / benchmark.operationPeak(facts),
            prefillSpread: [benchmark.prefillRates.min()!, benchmark.prefillRates.max()!],
            decodeSpread: [benchmark.decodeRates.min()!, benchmark.decodeRates.max()!],
            ttftSeconds: benchmark.timeToFirstToken,
            ttftPercentiles: Percentiles { benchmark.timeToFirstToken(percentile: $0) },
            itlSeconds: Percentiles { benchmark.interTokenSeconds(percentile: $0) },
            itlSecondsBesidePrompts: benchmark.besidePrompts.map { Percentiles($0.percentile) },
            weightGigabytesPerSecond: benchmark.weightBandwidth * 1e-9,
            cacheGigabytesPerSecond: benchmark.cacheBandwidth * 1e-9,
            readBandwidthShare: benchmark.readBandwidthShare, stages: Self.stages(benchmark, facts),
            stagesTracePhase: benchmark.decodePhase,
            predicted: explanation.map {
                TokenRates(
                    prefillTokensPerSecond: $0.prediction.prefillTokensPerSecond,
                    decodeTokensPerSecond: $0.prediction.decodeTokensPerSecond)
            }, bottleneck: explanation?.bottleneck(facts), cause: explanation?.cause)
    }

    private static func stages(_ benchmark: Benchmark, _ facts: JobFacts) -> [BenchStage] {
        let bounds = facts.partition.reduce(into: [0]) { $0.append($0.last! + $1) }
        let phases = zip(benchmark.decodePhases(facts), benchmark.prefillPhases(facts))
        return phases.enumerated().map { rank, phases in
            BenchStage(
                rank: rank, host: facts.hosts[rank], layers: [bounds[rank], bounds[rank + 1]],
                decode: BenchStage.Phase(phases.0), prefill: BenchStage.Phase(phases.1))
        }
    }
}

extension BenchStage.Phase {
    init(_ phase: StagePhase) {
        self.init(
            computeSeconds: phase.times.compute, waitSeconds: phase.times.wait, sendSeconds: phase.times.send,
            weightBytes: phase.weightBytes, operations: phase.operations)
    }
}
