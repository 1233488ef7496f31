/// What an output file already holds.
struct FinishedLines {
    var ids: Set<LineID> = []
    /// The lines, as they are written, of requests that could not be taken: such a line is not written twice.
    var failures: Set<[UInt8]> = []
}
