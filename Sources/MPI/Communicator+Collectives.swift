import CMPI

/// Blocking collectives on memory of the caller: every rank of the group makes the same call with the same root.
/// They poll inside the library, without sleeping and without a deadline.
extension Communicator {
    /// Copies `bytes` of rank `root` to all ranks (MPI_Bcast, MPI-3.1 §5.4). The length is the same everywhere.
    public func broadcast(_ bytes: UnsafeMutableRawBufferPointer, root: Int) throws(MPIError) {
        let count = try messageLength(bytes.count, "MPI_Bcast")
        try check(cmpi().pointee.bcast(bytes.baseAddress, count, int32(root), handle), "MPI_Bcast", peer: root)
    }

    /// Collects equally long parts on every rank, in rank order (MPI_Allgather, MPI-3.1 §5.7).
    ///
    /// - Parameter whole: `size` parts.
    public func allgather(
        _ part: UnsafeRawBufferPointer, into whole: UnsafeMutableRawBufferPointer
    ) throws(MPIError) {
        let count = try messageLength(part.count, "MPI_Allgather")
        try checkLayout(part.count, whole.count, "MPI_Allgather")
        try check(
            cmpi().pointee.allgather(part.baseAddress, count, whole.baseAddress, handle), "MPI_Allgather")
    }

    /// Collects parts of different lengths on every rank, one after the other in rank order
    /// (MPI_Allgatherv, MPI-3.1 §5.7).
    ///
    /// - Parameters:
    ///   - whole: room for the sum of `counts`.
    ///   - counts: the length of each rank's part in bytes, the same list on all ranks.
    public func allgather(
        _ part: UnsafeRawBufferPointer, into whole: UnsafeMutableRawBufferPointer, counts: [Int]
    ) throws(MPIError) {
        let count = try messageLength(part.count, "MPI_Allgatherv")
        let layout = try blockLayout(counts, part.count, whole.count, "MPI_Allgatherv")
        try check(
            cmpi().pointee.allgatherv(part.baseAddress, count, whole.baseAddress, layout.0, layout.1, handle),
            "MPI_Allgatherv")
    }

    /// Memory that is too short would be written beyond its end: MPI cannot see how long it is.
    func checkLayout(_ part: Int, _ whole: Int, _ call: StaticString) throws(MPIError) {
        let (needed, isTooLong) = part.multipliedReportingOverflow(by: size)
        guard !isTooLong, needed <= whole else {
            throw report(call, .blockLayout("\(size) parts of \(part) bytes in \(whole) bytes"))
        }
    }

    /// Counts and displacements as C ints.
    private func blockLayout(
        _ counts: [Int], _ own: Int, _ whole: Int, _ call: StaticString
    ) throws(MPIError) -> ([Int32], [Int32]) {
        guard counts.count == size, counts[rank] == own else {
            throw report(call, .blockLayout("\(counts.count) lengths for \(size) ranks, own part of \(own) bytes"))
        }
        var lengths: [Int32] = []
        var starts: [Int32] = []
        var end = 0
        for count in counts {
            lengths.append(try messageLength(count, call))
            starts.append(try messageLength(end, call))
            end += count
        }
        guard end <= whole else { throw report(call, .blockLayout("\(end) bytes in \(whole) bytes")) }
        return (lengths, starts)
    }
}
