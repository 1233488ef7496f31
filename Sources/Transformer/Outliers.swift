import Kernels

/// Which rows need more than one int8 for some of their columns, as one worker sees it.
///
/// Of some tokens, mostly the first of a text, a few elements of the hidden states grow until they are nearly all of the row:
/// massive activations (Sun et al. 2024, arXiv:2402.17762). Others of its block are rounded to a few steps then, and where
/// a later layer takes the large one away again, that error is what stays. So the blocks of such rows that reach far are
/// multiplied again, with what quantizing left of them. The row alone decides, so its bits depend neither on those
/// beside it nor on who computes it.
struct Outliers {
    /// More of a row's sum of squares than this in one element, or in one block's largest, makes it concentrated.
    static let shareOfRow: Float = 0.7
    /// A block of a concentrated row is multiplied again where its largest has more of the sum of them than this.
    static let shareOfBlock: Float = 0.1

    /// For each row whether the hidden states before the norm were concentrated.
    let concentrated: UnsafeMutablePointer<Bool>
    /// How far each block of 32 columns reaches, `[rows, width / 32]`, for rows that may be concentrated by themselves; nil:
    /// hidden states alone decide.
    var reaches: UnsafeMutablePointer<Float>?
    let room: OutlierRoom
}

/// Where a worker works on rows with outliers, some at a time. The memory is the workspace's.
struct OutlierRoom {
    /// How far the blocks of each of these rows reach: `[UnitRoom.rowCapacity, reachStride]`.
    let reaches: UnsafeMutablePointer<Float>
    let reachStride: Int
    /// The square of a reach beyond which a block is multiplied again, of each of these rows.
    let leastSquares: UnsafeMutablePointer<Float>
    /// The rows, and those of them that need a unit.
    let rows: UnsafeMutablePointer<Int>
    let chosen: UnsafeMutablePointer<Int>
    let unit: UnitRoom

    static func byteCount(reachStride: Int) -> Int {
        UnitRoom.byteCount + UnitRoom.rowCapacity * (4 * reachStride + 4 + 2 * 8)
    }

    init(_ memory: UnsafeMutableRawPointer, reachStride: Int) {
        unit = UnitRoom(memory)
        self.reachStride = reachStride
        rows = (memory + UnitRoom.byteCount).assumingMemoryBound(to: Int.self)
        chosen = rows + UnitRoom.rowCapacity
        leastSquares = UnsafeMutableRawPointer(chosen + UnitRoom.rowCapacity).assumingMemoryBound(to: Float.self)
        reaches = leastSquares + UnitRoom.rowCapacity
    }
}

extension Stage {
    /// Adds the products with the remainders of outliers to the columns `groups` of a product.
    func addOutliers(
        _ matrix: LayerMatrix, _ input: Rows, _ groups: Range<Int>, into output: UnsafeMutablePointer<Float>,
        stride: Int
    ) {
        guard let outliers = input.outliers else { return }
        let room = outliers.room
        var next = 0
        while next < workspace.rowCount {
            let count = collectOutliers(input, outliers, from: &next)
            guard count > 0 else { continue }
            for unit in 0..<matrix.columns / matrix.packed.unitColumns {
                let chosen = choose(count, unit: unit, matrix, room)
                guard !chosen.isEmpty else { continue }
                kernels.addRemainders(
                    of: chosen, input.floats, in: input.quantized!, firstRow: input.first, unit: unit,
                    times: matrix.packed, groups: groups, to: output, outputStride: stride, room: room.unit)
            }
        }
    }

    /// Notes concentrated rows from `next` on, as many as there is room for, with the reaches of their blocks.
    private func collectOutliers(_ input: Rows, _ outliers: Outliers, from next: inout Int) -> Int {
        let (room, blockCount) = (outliers.room, input.width / 32)
        var count = 0
        while next < workspace.rowCount, count < UnitRoom.rowCapacity {
            let row = next
            next += 1
            guard outliers.concentrated[row] || isConcentrated(row, outliers, blockCount) else { continue }
            let reaches = room.reaches + count * room.reachStride
            kernels.reaches(of: input.quantized!, row: input.first + row, columns: 0..<input.width, into: reaches)
            room.leastSquares[count] = kernels.squares(reaches, count: blockCount).sum * Outliers.shareOfBlock
            room.rows[count] = row
            count += 1
        }
        return count
    }

    /// Those of the noted rows that reach far in a unit of the matrix's columns.
    private func choose(
        _ count: Int, unit: Int, _ matrix: LayerMatrix, _ room: OutlierRoom
    ) -> UnsafeBufferPointer<Int> {
        let blocksPerUnit = matrix.packed.unitColumns / 32
        var chosenCount = 0
        for index in 0..<count {
            let reaches = room.reaches + index * room.reachStride + unit * blocksPerUnit
            for block in 0..<blocksPerUnit where reaches[block] * reaches[block] > room.leastSquares[index] {
                room.chosen[chosenCount] = room.rows[index]
                chosenCount += 1
                break
            }
        }
        return UnsafeBufferPointer(start: room.chosen, count: chosenCount)
    }

    /// Whether one block of the row itself has nearly all of it.
    private func isConcentrated(_ row: Int, _ outliers: Outliers, _ blockCount: Int) -> Bool {
        guard let reaches = outliers.reaches else { return false }
        let squares = kernels.squares(reaches + row * blockCount, count: blockCount)
        return squares.largest > squares.sum * Outliers.shareOfRow
    }
}
