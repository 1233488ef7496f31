import Platform

/// How long a rank has listened to another without hearing from it.
///
/// Only time in which this rank looked counts. One that was stopped, starved of its core or busy with its own layers
/// has missed nothing yet: whatever came meanwhile waits for its next look.
struct Silence {
    private(set) var seconds = 0.0
    private var watch = Stopwatch()

    private static let longestStep = 0.1

    /// Begins to look again: what was between does not count.
    mutating func resume() { _ = watch.lap() }

    /// One more look found nothing.
    mutating func goesOn() { add(watch.lap()) }

    mutating func add(_ elapsed: Double) { seconds += min(elapsed, Self.longestStep) }

    /// Something was heard.
    mutating func end() {
        seconds = 0
        _ = watch.lap()
    }
}
