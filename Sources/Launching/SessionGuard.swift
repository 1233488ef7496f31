import Glibc
import SystemPackage

/// A shell that ends a session's launcher where this process is gone without having ended it: of SIGKILL nobody else is told.
struct SessionGuard {
    private let shell: ChildProcess
    /// Its input, which ends with this process.
    private let lifeline: FileDescriptor

    /// - Parameter process: The launcher.
    init(over process: pid_t, environment: [String: String]) throws(Errno) {
        do {
            let pipe = try FileDescriptor.pipe(options: .closeOnExec)
            defer { try? pipe.readEnd.close() }
            let nowhere = try FileDescriptor.open("/dev/null", .writeOnly, options: .closeOnExec)
            defer { try? nowhere.close() }
            lifeline = pipe.writeEnd
            shell = try ChildProcess(
                ["sh", "-c", Self.script, "guard", "\(process)"], environment: environment, in: .group,
                input: pipe.readEnd, output: nowhere, errors: nowhere)
        } catch {
            throw error as? Errno ?? .invalidArgument
        }
    }

    /// The session has ended.
    func dismiss() {
        shell.send(SIGKILL)
        while shell.reap() == nil { usleep(500) }
        try? lifeline.close()
    }

    /// mpirun answers SIGTERM by ending all ranks. Nobody may bury it: then it stays as a zombie.
    private static let script = """
        trap '' INT TERM HUP
        read -r nothing
        kill -TERM "$1" && kill -CONT "$1" || exit
        tries=0
        while grep -q '^State:.[^Z]' "/proc/$1/status" && [ $((tries += 1)) -le 100 ]; do sleep 0.1; done
        kill -KILL "$1"
        """
}
