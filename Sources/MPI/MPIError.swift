/// An MPI call that failed, with the rank it failed on.
public struct MPIError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Cause: Equatable, Sendable {
        /// The library returned an error code (MPI-3.1 §8.4); `text` is its MPI_Error_string.
        case library(ErrorClass, text: String)
        /// The other side did nothing within the time allowed. What was waited for may still be under way.
        case timedOut(after: Duration)
        /// A message of more than ``Communicator/longestMessage`` bytes, or a negative length.
        case messageLength(Int)
        /// The process was not started by mpirun or srun.
        case notLaunched
        /// No MPI library that the launcher asks for could be opened.
        case noLibrary(String)
        /// The library found fewer ranks than were launched: it does not understand the launcher.
        case strangers(launched: Launch, found: Int, library: String)
        /// ``Environment`` exists already, or existed: MPI starts once in a process (MPI-3.1 §8.7).
        case startedTwice
        case threadLevel(wanted: ThreadLevel, provided: ThreadLevel)
        /// The blocks of a gather or allgather do not fit the communicator or the memory given.
        case blockLayout(String)
    }

    /// The MPI function, such as "MPI_Recv".
    public let call: String
    /// The rank in the world on which the call was made; nil before MPI starts.
    public let rank: Int?
    /// The other side of the call, as a rank of the communicator; nil for collectives and wildcards.
    public let peer: Int?
    public let cause: Cause

    public var description: String {
        let place = rank.map { "rank \($0): " } ?? ""
        let other = peer.map { " with rank \($0)" } ?? ""
        return "\(place)\(call)\(other) \(reason)"
    }

    /// Whether the cause is that time ran out.
    @inline(never)  // see errorClass
    public var isTimeout: Bool { if case .timedOut = cause { true } else { false } }

    /// The library's error class, for causes that the library reported.
    @inline(never)  // inlined into callers it trips an ownership check of the Swift 6.3.1 optimizer
    public var errorClass: ErrorClass? { if case .library(let errorClass, _) = cause { errorClass } else { nil } }

    private var reason: String {
        switch cause {
        case .library(_, let text): "failed: \(text)"
        case .timedOut(let time): "did not complete within \(time)"
        case .messageLength(let length):
            "cannot carry \(length) bytes: a message holds 0 to \(Communicator.longestMessage) bytes"
        case .notLaunched: "needs a launcher: start the program with mpirun, or srun --mpi=pmix"
        case .noLibrary(let complaint): "needs an MPI library, and \(complaint)"
        case .strangers(let launch, let found, let library):
            "found \(found) of \(launch.size) ranks: \(launch.starter) started them, which \(library) does not understand; "
                + "start them with that library's own launcher, or name the launcher's library with STAGECOACH_MPI"
        case .startedTwice: "must be called once: MPI cannot start again in the same process"
        case .threadLevel(let wanted, let provided):
            "provides thread level \(provided), and \(wanted) is needed: use an MPI library built with threads"
        case .blockLayout(let what): "got blocks that do not fit: \(what)"
        }
    }
}

/// An MPI error class (MPI-3.1 §8.4, table 8.1), with the numbers of the standard's binary interface (MPI-5.0 §20.3).
public struct ErrorClass: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let count = ErrorClass(rawValue: 2)
    public static let tag = ErrorClass(rawValue: 4)
    public static let communicator = ErrorClass(rawValue: 5)
    public static let rank = ErrorClass(rawValue: 6)
    public static let root = ErrorClass(rawValue: 8)
    public static let argument = ErrorClass(rawValue: 13)
    public static let truncate = ErrorClass(rawValue: 15)
    public static let other = ErrorClass(rawValue: 16)
    public static let intern = ErrorClass(rawValue: 17)
}
