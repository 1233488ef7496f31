import Clusters
import Engine
import Kernels
import Planning
import Probes

/// What bounds rank 0: how fast it reads memory and multiplies, and what it costs its threads to meet.
struct MachineLimits {
    let readBandwidth: Double
    let arithmeticPeak: ArithmeticPeak
    let barrierSeconds: Double

    /// Measures this machine.
    init(_ facts: JobFacts) throws {
        readBandwidth = try ReadBandwidth.measure(
            threadCount: facts.threadCount, within: HostShare.alone.availableMemory)
        barrierSeconds = try BarrierCost.measure(threadCount: facts.threadCount)
        arithmeticPeak = try ArithmeticPeak.measure(
            KernelSet(InstructionSet.chosen()), threadCount: facts.threadCount)
    }

    /// What is said of an emulated host.
    init(_ host: HostProfile) {
        readBandwidth = host.readBandwidth
        barrierSeconds = host.barrierSeconds
        let cores = Double(host.threads)
        arithmeticPeak = ArithmeticPeak(integers: host.integerRate / cores, floats: host.floatRate / cores)
    }
}
