import CMPI
import Glibc
import Platform
import Synchronization

/// The one place where MPI's return codes become errors.
///
/// - Parameter peer: the other side, for the message; negative for none.
@inline(__always)
func check(_ code: Int32, _ call: StaticString, peer: Int = -1) throws(MPIError) {
    if code != 0 { throw libraryError(code, call, peer: peer) }
}

/// The error that `code` stands for, with the library's class and words.
@inline(never)
func libraryError(_ code: Int32, _ call: StaticString, peer: Int = -1) -> MPIError {
    var errorClass: Int32 = 0
    // These two are asked about a failure: where they fail as well, the bare code must do.
    if cmpi().pointee.error_class(code, &errorClass) != 0 { errorClass = code }
    return report(call, peer: peer, .library(ErrorClass(rawValue: errorClass), text: errorText(code)))
}

/// Makes an error and notes that one happened.
func report(_ call: StaticString, peer: Int = -1, _ cause: MPIError.Cause) -> MPIError {
    Library.hasFailed.store(true, ordering: .relaxed)
    let rank = Library.rank.load(ordering: .relaxed)
    return MPIError(
        call: "\(call)", rank: rank < 0 ? nil : rank, peer: peer < 0 ? nil : peer, cause: cause)
}

private func errorText(_ code: Int32) -> String {
    let text = boundedText { cmpi().pointee.error_string(code, $0, $1) }
    return text.map(reason(in:)) ?? "error code \(code)"
}

/// The reason in an error's text: all of it, or the innermost of MPICH's "Invalid rank, error stack:", whose lines then name a
/// function and what it found.
func reason(in text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.count > 1, let inner = lines.last, let colon = inner.firstRange(of: ": ") else { return text }
    return String(inner[colon.upperBound...])
}

/// Calls a function that fills a C string as a library gives them, with its length; nil when it fails.
private func boundedText(
    _ fill: (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<Int32>) -> Int32
) -> String? {
    let capacity = CMPI_TEXT_LENGTH
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity + 1) { text in
        text.initialize(repeating: 0)
        var length: Int32 = 0
        guard fill(text.baseAddress!, &length) == 0 else { return nil }
        let bytes = UnsafeRawBufferPointer(text)[..<min(Int(max(length, 0)), capacity)]
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What the process knows of MPI as a whole: the library itself is a global.
enum Library {
    /// This process's rank in the world; -1 before MPI starts.
    static let rank = Atomic<Int>(-1)
    static let isRunning = Atomic<Bool>(false)
    /// Whether an `MPIError` was made, or a failure of other kind declared: what is dropped now, is dropped because of it.
    static let hasFailed = Atomic<Bool>(false)
    /// The library itself, opened when it is first asked for.
    static let opened = Result<OpenedLibrary, MPIError> { () throws(MPIError) in
        let setting = getenv("STAGECOACH_MPI").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        let search = try LibrarySearch(
            setting: setting, starter: Launch.current?.starter ?? .unknown, programs: Ancestors.programs.map(\.string)
        ) { access($0, F_OK) == 0 }
        return try search.open()
    }
}

/// A rank, tag or count as MPI takes it. What does not fit becomes a number that MPI refuses with its own error.
func int32(_ value: Int) -> Int32 { Int32(clamping: value) }

/// A mistake of the program that uses this module. `precondition(...)` would not say its message in release builds.
@inline(__always)
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
