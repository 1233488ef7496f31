import MallocCount
import Scheduling
import Transformer

@testable import Engine

/// Decodes two sequences as a job does: schedule, submit, collect, process.
enum Steps {
    /// How often the steps allocated, once they had gone past a block of the KV cache.
    static func count(path: String, threads: Int, _ kvType: KVType) throws -> Int {
        var configuration = JobConfiguration(modelPath: path, kvType: kvType, maxSequences: 2)
        configuration.threads = threads
        configuration.context = 256
        var count = 0
        try Job.run(configuration, observer: Quiet()) { _, _ in
        } coordinate: { coordinator, _, _ in
            for first in 1...2 {
                let probe = DecodingProbe(tokenCount: AllocationCases.tokens, clock: coordinator.pipeline.clock)
                _ = probe.release(at: 0)
                _ = try coordinator.add(
                    SequenceRequest(tokens: [Int32(first)], tokenCapacity: 256, reusesPrefix: false), probe)
            }
            var steps = 0
            while try coordinator.step() {
                steps += 1
                if steps == 80 { count = malloc_count() }
                if steps == 150 { count = malloc_count() - count }
            }
            precondition(steps > 150)
        }
        return count
    }
}

private final class Quiet: JobObserver {
    func delivered(_ bytes: Int, of total: Int) {}
    func finishedDelivering() {}
    func loaded(_ bytes: Int, of total: Int) {}
    func finishedLoading() {}
    func failed(_ message: String) { print(message) }
}
