import Kernels
import Platform
import Tensors

/// Times what stages do with each element beside products: norms, activation functions, quantization.
enum ElementProbe {
    private static let width = 2048
    private static let rounds = 64

    /// Seconds for each element that is normalized and quantized twice, or gated and quantized; all threads together.
    static func measure(kernels: KernelSet, team: ThreadTeam, effort: ProbeEffort) throws -> Double {
        let memory = try AlignedMemory(byteCount: team.threadCount * 4 * width * MemoryLayout<Float>.stride)
        let quantized = try Activations(rowCapacity: 2 * team.threadCount, columnCapacity: width)
        let weight = [Float](repeating: 1, count: width)
        func time() -> Double {
            var watch = Stopwatch()
            team.run { worker in
                let x = memory.start.assumingMemoryBound(to: Float.self) + worker.index * 4 * width
                for index in 0..<2 * width { x[index] = Float(index % 101) / 50 - 1 }
                let row = 2 * worker.index
                for _ in 0..<rounds {
                    kernels.rmsNorm(x, weight: weight, count: width, epsilon: 1e-5, into: x + 2 * width)
                    quantized.quantize(x + 2 * width, row: row, with: kernels)
                    quantized.quantizeRemainder(
                        of: x + 2 * width, row: row, into: row + 1, scratch: x + 3 * width, with: kernels)
                    kernels.swiglu(gate: x, up: x + width, count: width, into: x + 2 * width)
                    quantized.quantize(x + 2 * width, row: row, with: kernels)
                    kernels.add(x + 2 * width, to: x + 3 * width, count: width)
                }
            }
            return watch.lap() / Double(2 * width * rounds * team.threadCount)
        }
        _ = time()
        return effort.typical((0..<effort.repetitions).map { _ in time() })
    }
}
