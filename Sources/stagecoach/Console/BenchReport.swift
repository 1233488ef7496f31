import Engine
import Requests

/// What `bench --json` prints.
struct BenchReport: Encodable {
    let version = Build.version
    let model: String
    /// Only where it is: nothing was computed, and times are those that described hosts would take.
    let emulated: Bool?
    let machine: Machine
    let loading: LoadingReport?
    let results: [Result]

    struct Machine: Encodable {
        let host: String
        let processor: String
        let cores: Int
        let instructionSet: String
        let readGigabytesPerSecond: Double
        /// Of a pair of barriers between the threads of a rank.
        let barrierSeconds: Double
        let integerGigaopsPerSecondPerCore: Double
        let floatGigaopsPerSecondPerCore: Double
    }

    struct Result: Encodable {
        let ranks: Int
        let threads: Int
        let partition: [Int]
        let sequences: Int
        let prefillTokensPerSecond: Double
        let decodeTokensPerSecond: Double
        let prefillGigaopsPerSecondPerCore: Double
        let arithmeticPeakShare: Double
        let prefillSpread: [Double]
        let decodeSpread: [Double]
        let ttftSeconds: Double
        let ttftPercentiles: Percentiles
        let itlSeconds: Percentiles
        /// While prompts keep coming; absent where it was not asked for.
        let itlSecondsBesidePrompts: Percentiles?
        let weightGigabytesPerSecond: Double
        let cacheGigabytesPerSecond: Double
        let readBandwidthShare: Double
        let stages: [Stage]
        /// The `phase` of these times in the trace; only where one is taken.
        let stagesTracePhase: Int?
        /// What plan foretells for the same work.
        let predicted: Rates?
        /// What limits prefill and decode, and why they are not as foretold.
        let bottleneck: String?
        let cause: String?
    }

    struct Rates: Encodable {
        let prefillTokensPerSecond: Double
        let decodeTokensPerSecond: Double
    }

    struct Percentiles: Encodable {
        let p50: Double
        let p95: Double
        let p99: Double

        init(_ percentile: (Double) -> Double) {
            p50 = percentile(50)
            p95 = percentile(95)
            p99 = percentile(99)
        }
    }

    /// Times, bytes and operations at the top are those of decoding.
    struct Stage: Encodable {
        let rank: Int
        let host: String
        let layers: [Int]
        let computeSeconds: Double
        let waitSeconds: Double
        let sendSeconds: Double
        let weightBytes: Double
        let operations: Double
        let prefill: Phase
    }

    struct Phase: Encodable {
        let computeSeconds: Double
        let waitSeconds: Double
        let sendSeconds: Double
        let weightBytes: Double
        let operations: Double

        init(_ phase: StagePhase) {
            computeSeconds = phase.times.compute
            waitSeconds = phase.times.wait
            sendSeconds = phase.times.send
            weightBytes = phase.weightBytes
            operations = phase.operations
        }
    }

    init(_ explained: [(Benchmark, Explanation?)], _ facts: JobFacts, model: String, barrierSeconds: Double) {
        self.model = model
        let benchmarks = explained.map(\.0)
        let peak = benchmarks[0].arithmeticPeak
        emulated = facts.isEmulated ? true : nil
        machine = Machine(
            host: facts.hosts[0], processor: facts.isEmulated ? "emulated" : Processor.name,
            cores: facts.emulatedHost?.threads ?? Processor.coreCount, instructionSet: facts.instructionSet,
            readGigabytesPerSecond: benchmarks[0].readBandwidth * 1e-9,
            barrierSeconds: barrierSeconds, integerGigaopsPerSecondPerCore: peak.integers * 1e-9,
            floatGigaopsPerSecondPerCore: peak.floats * 1e-9)
        loading = facts.loading.map(LoadingReport.init)
        results = explained.map { Result($0, $1, facts) }
    }
}

extension BenchReport.Result {
    init(_ benchmark: Benchmark, _ explanation: Explanation?, _ facts: JobFacts) {
        let bounds = facts.partition.reduce(into: [0]) { $0.append($0.last! + $1) }
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
            ttftPercentiles: BenchReport.Percentiles { benchmark.timeToFirstToken(percentile: $0) },
            itlSeconds: BenchReport.Percentiles { benchmark.interTokenSeconds(percentile: $0) },
            itlSecondsBesidePrompts: benchmark.besidePrompts.map { seconds in
                BenchReport.Percentiles { seconds.percentile($0) }
            },
            weightGigabytesPerSecond: benchmark.weightBandwidth * 1e-9,
            cacheGigabytesPerSecond: benchmark.cacheBandwidth * 1e-9,
            readBandwidthShare: benchmark.readBandwidthShare,
            stages: zip(benchmark.decodePhases(facts), benchmark.prefillPhases(facts)).enumerated().map {
                BenchReport.Stage(
                    rank: $0, host: facts.hosts[$0], layers: [bounds[$0], bounds[$0 + 1]],
                    computeSeconds: $1.0.times.compute, waitSeconds: $1.0.times.wait, sendSeconds: $1.0.times.send,
                    weightBytes: $1.0.weightBytes, operations: $1.0.operations, prefill: BenchReport.Phase($1.1))
            }, stagesTracePhase: benchmark.decodePhase,
            predicted: explanation.map {
                BenchReport.Rates(
                    prefillTokensPerSecond: $0.prediction.prefillTokensPerSecond,
                    decodeTokensPerSecond: $0.prediction.decodeTokensPerSecond)
            },
            bottleneck: explanation?.bottleneck(facts), cause: explanation?.cause)
    }
}
