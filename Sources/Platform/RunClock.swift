/// The clock by which a run is measured: the machine's, or one of a run that is emulated or tested.
///
/// Whoever measures something of a run takes its clock as a parameter, so that figures are of the time in which the work
/// is done, whatever that is.
public protocol RunClock {
    /// Nanoseconds since some moment that stays the same. Never goes back.
    var nanoseconds: Int64 { get }

    /// Told by rank 0 when the first sequence begins.
    func workBegins()

    /// Told by rank 0 when no sequence runs any more.
    func workEnds()
}

extension RunClock {
    /// ``nanoseconds`` as a number of seconds.
    public var seconds: Double { Double(nanoseconds) * 1e-9 }

    public func workBegins() {}
    public func workEnds() {}
}
