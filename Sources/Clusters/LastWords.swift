/// What a process says before it ends because the run cannot go on, while another of its threads may still be at work or
/// stuck.
public struct LastWords: Sendable {
    let speak: @Sendable (String?) -> Void

    /// - Parameter speak: Says why the run ends; nil: another rank says it, or it was asked for. From any thread.
    public init(_ speak: @escaping @Sendable (String?) -> Void) { self.speak = speak }

    /// Nobody listens.
    public static let none = LastWords { _ in }
}
