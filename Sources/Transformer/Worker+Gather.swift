import Kernels

/// Workers meet in two ways. Where they only wait for each other, the pass says ``Kernels/Worker/meet()``. Where each made some
/// columns of rows and then all need the whole rows, it says `gather`: today they share memory, so that this is a meeting
/// too. Nothing else in a pass knows how many workers there are, or where they run.
extension Worker {
    /// Brings rows together of which this worker has made its columns.
    @discardableResult
    borrowing func gather(_ rows: Rows) -> Rows { beginGather(rows).finish() }

    /// The same, letting the worker do meanwhile what needs none of the rows.
    borrowing func beginGather(_ rows: Rows) -> Gathering { Gathering(rows, arrive()) }
}
