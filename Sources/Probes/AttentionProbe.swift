import Kernels
import Platform
import Tensors

/// Times attention as stages do it: tiles of one row and of eight over keys and values of 512 positions, all threads.
struct AttentionProbe {
    /// Seconds for each product of a query's element with a key's and a value's.
    let attentionSeconds: Double
    /// Seconds for each element of a key and its value that is read, whatever the queries.
    let cachedSeconds: Double

    private static let positions = 512
    private static let tileRows = 8
    /// Bytes of the keys and values of as many sequences as that takes.
    private static let byteCount = 16 << 20

    init(
        layout: KVBlockLayout, queriesPerKVHead: Int, kernels: KernelSet, team: ThreadTeam, cold: ColdMemory,
        effort: ProbeEffort
    ) throws {
        let blockCount = Self.positions / KVBlockLayout.positionCount
        let setBytes = blockCount * layout.byteCount
        let copies = max(team.threadCount, Self.byteCount / setBytes)
        let memory = try AlignedMemory(byteCount: copies * setBytes)
        let width = queriesPerKVHead * layout.headDim
        let outputWidth = queriesPerKVHead * layout.valueDim
        let scratchFloats = layout.scratchFloatCount(queries: Self.tileRows * queriesPerKVHead)
        // For each thread queries, output and scratch.
        let threadFloats = (Self.tileRows * (width + outputWidth) + scratchFloats + 15) / 16 * 16
        let work = try AlignedMemory(byteCount: team.threadCount * threadFloats * MemoryLayout<Float>.stride)
        func floats(_ worker: borrowing Worker) -> UnsafeMutablePointer<Float> {
            work.start.assumingMemoryBound(to: Float.self) + worker.index * threadFloats
        }

        let firstSet = KVBlocks(start: memory.start, stride: layout.byteCount)
        let vector = (0..<max(layout.headDim, layout.valueDim)).map { Float($0 * 7919 % 101) / 50 - 1 }
        for position in 0..<Self.positions {
            kernels.store(key: vector, position: position, in: firstSet, layout: layout)
            kernels.store(value: vector, position: position, in: firstSet, layout: layout)
        }
        for copy in 1..<copies {
            (memory.start + copy * setBytes).copyMemory(from: memory.start, byteCount: setBytes)
        }
        team.run { worker in
            for index in 0..<Self.tileRows * width { floats(worker)[index] = vector[index % layout.headDim] }
        }

        func time(rows: Int, copies: Int) -> Double {
            cold.evict(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory.bytes)[..<(copies * setBytes)]))
            var watch = Stopwatch()
            team.run { worker in
                let queries = floats(worker)
                let output = queries + Self.tileRows * width
                let tile = QueryTile(
                    data: queries, tokenStride: width, headStride: layout.headDim, tokenCount: rows,
                    headCount: queriesPerKVHead, firstPosition: Self.positions - rows, scale: 0.125)
                for copy in worker.share(of: copies) {
                    kernels.attend(
                        tile, over: KVBlocks(start: memory.start + copy * setBytes, stride: layout.byteCount),
                        layout: layout, scratch: output + Self.tileRows * outputWidth, into: output,
                        outputTokenStride: outputWidth, outputHeadStride: layout.valueDim)
                }
            }
            return watch.lap() / Double(copies * Self.positions)
        }
        // As many sequences as the time is for, where instructions are slow.
        let first = time(rows: Self.tileRows, copies: team.threadCount) * Double(Self.positions)
        let affordable = max(team.threadCount, min(copies, Int(min(effort.seconds / first, 1e9))))
        func median(rows: Int) -> Double {
            effort.typical((0..<effort.repetitions).map { _ in time(rows: rows, copies: affordable) })
        }
        let (one, tile) = (median(rows: 1), median(rows: Self.tileRows))
        let perRow = max((tile - one) / Double(Self.tileRows - 1), one / 100)
        attentionSeconds = perRow / (Double(width + outputWidth) / 2)
        cachedSeconds = max(one - perRow, 0) / (Double(layout.headDim + layout.valueDim) / 2)
    }
}
