import Kernels

/// Workers meet in two ways. Where they only wait for each other, the pass says ``Kernels/Worker/meet()``. Where each made some
/// columns of rows and then all need the whole rows, it says `gather`: today they share memory, so that this is a meeting
/// too.
///
/// Norms share the rows of a microbatch (``Stage/rows(of:)``); products with matrices share their columns, in whole heads
/// or blocks (``Stage/columns(of:_:)``, and those of queries, keys and values together); ``AttentionPlan`` shares the
/// blocks of the cache that the rows see; the fold shares the heads of all rows. How many workers there are decides only
/// who does what: no bit of a result depends on it.
extension Worker {
    /// Brings rows together of which this worker has made its columns.
    @discardableResult
    borrowing func gather(_ rows: Rows) -> Rows { beginGather(rows).finish() }

    /// The same, letting the worker do meanwhile what needs none of the rows.
    borrowing func beginGather(_ rows: Rows) -> Gathering { Gathering(rows, arrive()) }
}
