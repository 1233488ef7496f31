/// How long the work of this process has stood still: nothing was computed, and nothing came from a disk.
///
/// A read from a slow disk ends now and then. One from a network file system that hangs does not, though the process still
/// answers whoever asks it.
struct Standstill {
    private(set) var seconds = 0.0
    private var last: WorkSample
    private let longestStep: Double

    /// Less of a core is what threads take that do nothing.
    private static let leastShare = 0.01

    /// - Parameter longestStep: Seconds between two looks. More were not looked at, and do not count.
    init(_ first: WorkSample, longestStep: Double) {
        last = first
        self.longestStep = longestStep
    }

    /// Compares `sample` with the one before.
    mutating func look(_ sample: WorkSample, after elapsed: Double) {
        let hasMoved =
            sample.readCount != last.readCount
            || sample.processorSeconds - last.processorSeconds > Self.leastShare * elapsed
        seconds = hasMoved ? 0 : seconds + min(elapsed, longestStep)
        last = sample
    }
}
