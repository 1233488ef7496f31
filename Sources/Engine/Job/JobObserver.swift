/// Told how a job goes, for people to see.
public protocol JobObserver: AnyObject {
    /// So many more bytes of slices are on their way to ranks that lack the model.
    func delivered(_ bytes: Int, of total: Int)
    /// All ranks have what they need.
    func finishedDelivering()
    /// So many more bytes of rank 0's weights are in memory.
    func loaded(_ bytes: Int, of total: Int)
    /// This rank's stage is there, with its weights in memory; an emulated one has none.
    func finishedLoading()
    /// Something that people may want to know; told on rank 0 only.
    func noted(_ message: String)
    /// From here on `lastWords` are to be said, on any thread, before a signal ends the process; told on rank 0 only.
    func mayEnd(_ lastWords: @escaping @Sendable () -> Void)
    /// The job ends because of this; told on one rank only.
    func failed(_ message: String)
    /// Told, on any thread, that this process ends in the middle of something, and why; nil where it was asked to, or where
    /// another rank says why.
    var lastWords: @Sendable (String?) -> Void { get }
}

extension JobObserver {
    public func noted(_ message: String) {}
    public var lastWords: @Sendable (String?) -> Void { { _ in } }
    public func mayEnd(_ lastWords: @escaping @Sendable () -> Void) {}
}
