import Glibc
import SystemPackage

/// A program that this process started.
struct ChildProcess {
    /// What a terminal's keys and `timeout` reach together.
    enum Family {
        /// A process group of its own, so that signals for ours reach it once, through us.
        case group
        /// A session of its own, without a terminal.
        case session
    }

    let identifier: pid_t

    /// It begins with no signal blocked.
    ///
    /// - Parameters:
    ///   - words: The program, looked up in PATH where it is a name, and its arguments.
    ///   - output: nil: ours; `errors` likewise.
    init(
        _ words: [String], environment: [String: String], in family: Family, input: FileDescriptor,
        output: FileDescriptor?, errors: FileDescriptor?
    ) throws(Errno) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (file, number) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            if let file { posix_spawn_file_actions_adddup2(&actions, file.rawValue, number) }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flag = family == .group ? POSIX_SPAWN_SETPGROUP : Self.setSession
        posix_spawnattr_setflags(&attributes, Int16(flag | POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        let code = Self.withStrings(words) { arguments in
            Self.withStrings(environment.map { "\($0)=\($1)" }) { variables in
                posix_spawnp(&child, words[0], &actions, &attributes, arguments, variables)
            }
        }
        guard code == 0 else { throw Errno(rawValue: code) }
        identifier = child
    }

    func send(_ signal: CInt) { kill(identifier, signal) }

    /// How it ended, told once; nil while it runs.
    func reap() -> ProgramEnd? {
        var status: CInt = 0
        guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
        return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(status & 0x7f)
    }

    /// POSIX_SPAWN_SETSID, which not every header shows.
    private static let setSession: CInt = 0x80

    private static func withStrings<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
