import Engine
import Glibc
import Launching
import Platform
import ReportSchemas
import Requests
import SystemPackage

/// The program's own stdout and stderr, written through at once: an answer streams, also into a pipe.
enum Console {
    /// Ends the program where stdout takes no more: a report that is not all there must not look like success.
    static func print(_ text: String) {
        do { try StandardOutput.write(Array(text.utf8)) } catch { failToPrint(cannotPrint("\(error)")) }
    }

    static func cannotPrint(_ reason: some CustomStringConvertible) -> String {
        "cannot write to standard output: \(reason)"
    }

    /// Ends the program where what it printed has not reached its place.
    ///
    /// - Parameter launcher: mpirun's output, which ranks cannot see fail; nil: this program's own is all there is.
    static func confirm(_ launcher: LauncherOutput?) {
        if let missing = launcher?.missing(of: StandardOutput.byteCount), missing > 0 {
            failToPrint(
                "\(missing) of \(StandardOutput.byteCount) bytes of the answer are lost, since mpirun could not write them "
                    + "to its standard output: make room there and start again")
        }
        do { try StandardOutput.close() } catch {
            // There was none from the start, and nothing was to be printed.
            if error != .badFileDescriptor { failToPrint(cannotPrint("\(error)")) }
        }
    }

    private static func failToPrint(_ reason: String) -> Never {
        logAndWait("stagecoach: \(reason)\n")
        exit(EngineError.Kind.failure.rawValue)
    }

    /// Prints `value` as one line of JSON.
    static func print(json value: some Encodable) throws {
        print(String(decoding: try JSONLine.bytes(value), as: UTF8.self))
    }

    /// What cannot be said is left unsaid.
    static func log(_ text: String) { try? FileDescriptor.standardError.writeWhole(Array(text.utf8)) }

    /// Whether people watch: stderr is a terminal, or the script that started mpirun says so.
    static let showsProgress =
        getenv("STAGECOACH_PROGRESS").map { $0[0] == UInt8(ascii: "1") } ?? (isatty(STDERR_FILENO) == 1)
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
