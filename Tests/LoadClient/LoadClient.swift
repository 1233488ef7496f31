import Figures
import Foundation
import Glibc
import Platform
import Synchronization
import TestSupport

/// Usage: load-client PORT CLIENTS SECONDS FILE
///
/// Clients that ask a server for streamed chat completions, one after the other, and time what comes. Each line of the
/// file is a request's body. Prints one line of JSON; times in milliseconds.
@main
struct LoadClient {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let port = Int(arguments[1]), let clients = Int(arguments[2]),
            let seconds = Double(arguments[3])
        else {
            print("usage: load-client PORT CLIENTS SECONDS FILE")
            exit(64)
        }
        let lines = try String(contentsOfFile: arguments[4], encoding: .utf8).split(separator: "\n").map(String.init)
        let load = Load(port: port, lines: lines, seconds: seconds)
        let group = DispatchGroup()
        for _ in 0..<clients {
            group.enter()
            Thread.detachNewThread {
                load.run()
                group.leave()
            }
        }
        group.wait()
        print(load.report)
    }
}

/// What all clients share: the requests, and what was measured.
final class Load: Sendable {
    private struct Sums {
        var answers = 0
        var errors: [String] = []
        var tokens = 0
        var firstTokens: [Double] = []
        var gaps: [Double] = []
    }

    private let port: Int
    private let lines: [String]
    private let start = ContinuousClock.now
    private let end: ContinuousClock.Instant
    private let next = Atomic(0)
    private let sums = Mutex(Sums())

    init(port: Int, lines: [String], seconds: Double) {
        self.port = port
        self.lines = lines
        end = start + .seconds(seconds)
    }

    /// One client: begins no request after the end, and finishes the last.
    func run() {
        var connection: HTTPConnection?
        while ContinuousClock.now < end {
            let line = lines[next.add(1, ordering: .relaxed).oldValue % lines.count]
            let body = "{\"stream\":true,\"stream_options\":{\"include_usage\":true}," + line.dropFirst()
            do {
                let answer = try answer(to: Array(body.utf8), on: &connection)
                sums.withLock { sums in
                    sums.answers += 1
                    sums.tokens += answer.tokens
                    sums.firstTokens.append(answer.firstToken)
                    sums.gaps += answer.gaps
                }
            } catch {
                connection = nil
                sums.withLock { $0.errors.append("\(error)") }
            }
        }
    }

    /// On the connection that is open, or where the server closed it, on another one.
    private func answer(to body: [UInt8], on connection: inout HTTPConnection?) throws -> StreamedAnswer {
        if let open = connection, let answer = try StreamedAnswer(open, body: body) { return answer }
        let fresh = try HTTPConnection(port: port)
        connection = fresh
        guard let answer = try StreamedAnswer(fresh, body: body) else {
            throw StreamedAnswer.Failure(description: "the connection closed before an answer")
        }
        return answer
    }

    var report: String {
        let seconds = start.duration(to: .now).seconds
        let sums = sums.withLock { $0 }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let cpu = [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
        let fields: [(String, String)] = [
            ("answers", "\(sums.answers)"), ("errors", "\(sums.errors.count)"), ("tokens", "\(sums.tokens)"),
            ("seconds", seconds.decimal(2)), ("tokens_per_second", (Double(sums.tokens) / seconds).decimal(2)),
            ("ttft_p50", sums.firstTokens.milliseconds(50)), ("ttft_p95", sums.firstTokens.milliseconds(95)),
            ("itl_p50", sums.gaps.milliseconds(50)), ("itl_p95", sums.gaps.milliseconds(95)),
            ("longest_gap", sums.gaps.milliseconds(100)), ("client_cpu_share", (cpu / seconds).decimal(2)),
        ]
        let first = sums.errors.first.map { ",\"first_error\":\"\($0)\"" } ?? ""
        return "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + first + "}"
    }
}

extension [Double] {
    /// A percentile of seconds in milliseconds; JSON's null where there are none.
    fileprivate func milliseconds(_ percent: Int) -> String {
        isEmpty ? "null" : percentile(percent).milliseconds(2)
    }
}
