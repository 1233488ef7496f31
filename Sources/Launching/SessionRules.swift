import Glibc

/// How a session may end.
public struct SessionRules: Sendable {
    /// The signal that mpirun passes on to ranks that then end when their answers are finished; nil: there is no gentle way.
    public var gentleSignal: CInt?
    /// What mpirun gets for any signal; nil: the signal itself.
    public var endSignal: CInt?
    /// How long the session may take before it gets `endSignal`.
    public var limit: Duration?
    /// Whether ranks get a session of the kernel's too, whose processes here all end with mpirun; else mpirun gets a group.
    public var ownsKernelSession: Bool
    /// Whether mpirun was asked to say more than usual: then all of it is passed on.
    public var isAskedToTalk = false

    /// A command that a person runs.
    ///
    /// mpirun answers SIGTERM by killing all ranks a second later; SIGUSR1 it passes on, and a service ends when its answers
    /// are finished.
    public static func interactive(isService: Bool) -> SessionRules {
        SessionRules(
            gentleSignal: isService ? SIGUSR1 : nil, endSignal: nil, limit: nil, ownsKernelSession: false)
    }

    /// A measurement that nobody watches.
    public static func unattended(limit: Duration) -> SessionRules {
        SessionRules(gentleSignal: nil, endSignal: SIGTERM, limit: limit, ownsKernelSession: true)
    }
}
