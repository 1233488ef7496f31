import Kernels

/// Rows that are being brought together; nobody may touch them until that is finished.
struct Gathering: ~Copyable {
    private let rows: Rows
    private let arrival: Arrival

    init(_ rows: Rows, _ arrival: consuming Arrival) {
        self.rows = rows
        self.arrival = arrival
    }

    /// The whole rows, with the columns of all workers.
    consuming func finish() -> Rows {
        let rows = rows
        arrival.wait()
        return rows
    }
}
