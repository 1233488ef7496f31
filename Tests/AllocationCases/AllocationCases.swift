import Kernels
import MallocCount
import Microbatches
import ModelFiles
import Sampling
import Transformer

/// `allocation-cases MODEL THREADS KVTYPE` decodes with a whole model and prints how often each step allocated, once it
/// had run a few times. A program of its own, since tests that run beside each other allocate all the time.
@main
struct AllocationCases {
    static let warmUp = 8
    /// Past the first blocks of the KV cache.
    static let tokens = 160

    static func main() throws {
        let arguments = CommandLine.arguments
        let decoder = try Decoder(
            path: arguments[1], threads: Int(arguments[2])!, kvType: KVType(rawValue: arguments[3])!)
        var counts = Counts()
        for position in 0..<tokens {
            if position == warmUp { counts = Counts() }
            try decoder.step(position, &counts)
        }
        let before = malloc_count()
        let text = """
            embedding \(counts.embedding)
            stage \(counts.stage)
            head \(counts.head)
            sampler \(counts.sampler)
            steps \(try Steps.count(path: arguments[1], threads: Int(arguments[2])!, KVType(rawValue: arguments[3])!))
            """
        print(text)
        print("control \(malloc_count() - before)")
    }
}

/// How often each step allocated.
struct Counts {
    var embedding = 0
    var stage = 0
    var head = 0
    var sampler = 0

    /// Runs `step` and adds the allocations of all threads meanwhile.
    static func add(to count: inout Int, _ step: () throws -> Void) rethrows {
        let before = malloc_count()
        try step()
        count += malloc_count() - before
    }
}
