import Kernels
import ModelFiles
import Synchronization
import Tensors

/// Packs tensors of a model's files into memory, all threads at once, quantized on the way where the model is to be. What is
/// read goes through one group of rows a thread, so a rank never holds two copies of its slice.
///
/// There is no file of packed weights for the next start. One core reads and packs 4 to 7 GB/s out of the page cache, of
/// which half is the kernel's work for new pages; mapping such a file would save 0.2 s a GB and core at best. From a
/// disk of 0.45 GB/s it would save nothing. It would take the disk space again, and a mapped file gets no huge pages,
/// without which decoding 1.1 billion weights takes a tenth to a fifth more processor time.
public final class WeightLoader {
    private let team: ThreadTeam
    private let onProgress: (Int) -> Void
    /// For each thread the group that it packs: in the core's cache from the reading to the packing.
    private var rooms: AlignedMemory?

    /// - Parameter onProgress: Told how many bytes of the files have been packed since the last call.
    public init(team: ThreadTeam, onProgress: @escaping (Int) -> Void) {
        self.team = team
        self.onProgress = onProgress
    }

    /// A vector widened to FP32.
    func vector(_ tensor: TensorView) throws(FileReadError) -> [Float] {
        let stored = try tensor.bytes()
        try tensor.file.refuseChanges()
        let values = [Float](unsafeUninitializedCapacity: tensor.columns) { buffer, count in
            stored.withUnsafeBytes {
                dequantize(tensor.storedType, $0.baseAddress!, count: tensor.columns, into: buffer.baseAddress!)
            }
            count = tensor.columns
        }
        onProgress(stored.count)
        return values
    }

    /// Fills `matrix` with what the file stores for `tensor`, strip by strip.
    func pack(_ tensor: TensorView, into matrix: PackedMatrix) throws {
        let groupByteCount = PackedMatrix.groupRows * tensor.storedBytesPerRow
        let stripGroups = max(team.threadCount, Self.stripByteCount / groupByteCount)
        let room = try reserve(tensor)
        for first in stride(from: 0, to: matrix.groupCount, by: stripGroups) {
            let groups = first..<min(first + stripGroups, matrix.groupCount)
            let start = tensor.fileRange.lowerBound + groups.lowerBound * groupByteCount
            let strip = start..<min(start + groups.count * groupByteCount, tensor.fileRange.upperBound)
            tensor.file.prefetch(strip.upperBound..<min(strip.upperBound + strip.count, tensor.file.byteCount))
            try pack(groups, of: matrix, from: tensor, room)
            try tensor.file.refuseChanges()
            onProgress(strip.count)
        }
    }

    private func pack(_ groups: Range<Int>, of matrix: PackedMatrix, from tensor: TensorView, _ room: PackingRoom)
        throws
    {
        let start = rooms!.start
        let failure = Mutex<FileReadError?>(nil)
        team.run { worker in
            let place = start + worker.index * room.byteCount
            for index in worker.share(of: groups.count) {
                let group = groups.lowerBound + index
                do throws(FileReadError) {
                    let rows = try room.read(group, of: tensor, at: place)
                    matrix.pack(group: group, fromRows: rows)
                } catch { return failure.withLock { $0 = error } }
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Makes room for a group of rows for each thread.
    private func reserve(_ tensor: TensorView) throws(MemoryError) -> PackingRoom {
        let room = PackingRoom(tensor)
        let needed = room.byteCount * team.threadCount
        if rooms.map({ $0.bytes.count < needed }) ?? true { rooms = try AlignedMemory(byteCount: needed) }
        return room
    }

    /// Enough to keep all threads busy, little enough to tell of progress and for the system to read ahead.
    private static let stripByteCount = 16 << 20
}
