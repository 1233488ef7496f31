import Engine
import Glibc
import Requests

/// The program's own stdout and stderr, written through at once: an answer streams, also into a pipe.
enum Console {
    /// Ends the program where stdout takes no more: a report that is not all there must not look like success.
    static func print(_ text: String) {
        if write(Array(text.utf8), to: STDOUT_FILENO) { return }
        logAndWait("stagecoach: cannot write to standard output: \(String(cString: strerror(errno)))\n")
        exit(EngineError.Kind.failure.rawValue)
    }

    static func log(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

    /// Whether people watch: stderr is a terminal, or the script that started mpirun says so.
    static let showsProgress =
        getenv("STAGECOACH_PROGRESS").map { $0[0] == UInt8(ascii: "1") } ?? (isatty(STDERR_FILENO) == 1)

    /// Whether all of `bytes` were written; if not, `errno` says why.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EAGAIN { waitForRoom(descriptor) } else if errno != EINTR { return false }
                continue
            }
            bytes = bytes.dropFirst(written)
        }
        return true
    }

    /// Sleeps until a pipe that someone made non-blocking takes more.
    private static func waitForRoom(_ descriptor: Int32) {
        var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&wish, 1, -1)
    }
}

extension Console {
    /// Writes the last words of a failing rank to stderr and waits until mpirun has read them, a second at most: it ends
    /// all ranks when the first one fails, and drops what it has not read by then.
    static func logAndWait(_ text: String) {
        log(text)
        guard !LauncherRank.isAlone else { return }
        for _ in 0..<100 {
            var unread: CInt = 0
            guard ioctl(STDERR_FILENO, UInt(FIONREAD), &unread) == 0, unread > 0 else { return }
            usleep(10_000)
        }
    }

    /// Under mpirun stdout and stderr travel apart: gives the answer a head start on the line that follows it.
    static func waitForAnswer() {
        if !LauncherRank.isAlone { usleep(50_000) }
    }
}

extension Console {
    /// All that `descriptor` gives, byte for byte; nil, with `errno` set, when it cannot be read.
    static func readAll(from descriptor: CInt) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
