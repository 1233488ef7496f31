import Glibc
import MPI

/// The MPI module's cases: `mpirun -np N mpi-cases NAME...`. Every rank prints "NAME ok" for what it passes.
@main
struct MPICases {
    typealias Case = (borrowing Communicator) throws -> Void

    static var cases: [String: Case] {
        let families = [
            PointToPoint.cases, Requests.cases, Probes.cases, Collectives.cases,
            Groups.cases, Waiting.cases, Errors.cases, Endings.cases, Latency.cases,
        ]
        return families.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    }

    static func main() {
        let names = CommandLine.arguments.dropFirst()
        let bodies = names.compactMap { name in cases[name].map { (name, $0) } }
        guard !names.isEmpty, bodies.count == names.count else {
            complain("usage: mpi-cases CASE...: \(cases.keys.sorted().joined(separator: " "))")
            exit(64)
        }
        do {
            try run(bodies)
        } catch {
            complain("\(error)")
            exit(65)
        }
    }

    private static func run(_ bodies: [(name: String, body: Case)]) throws {
        let environment = try Environment()
        let world = try environment.world()
        for (name, body) in bodies {
            // Cases leave nothing behind; the duplicate shows it, since messages left over stay in it.
            let own = try world.duplicate()
            do {
                try body(own)
            } catch {
                throw Unmet(description: "\(name): \(error)")
            }
            print("\(name) ok")
            fflush(nil)  // if a later case hangs, it shows which
        }
        try environment.finalize()
    }
}

/// Writes one line to standard error, at once.
func complain(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// A case's expectation was not met.
struct Unmet: Error, CustomStringConvertible {
    let description: String
}

func expect(_ condition: Bool, _ what: @autoclosure () -> String, line: Int = #line) throws {
    if !condition { throw Unmet(description: "line \(line): \(what())") }
}

/// The MPI error that `body` throws; without one the case fails.
func expectError(line: Int = #line, _ body: () throws -> Void) throws -> MPIError {
    do {
        try body()
    } catch let error as MPIError {
        return error
    }
    throw Unmet(description: "line \(line): no error was thrown")
}

/// A buffer of `count` bytes in a pattern that depends on `seed`.
func pattern(_ seed: Int, count: Int) -> MessageBuffer {
    let buffer = MessageBuffer(capacity: count)
    for index in 0..<count { buffer.storage[index] = UInt8(truncatingIfNeeded: seed &* 31 &+ index &* 7) }
    return buffer
}

func matches(_ bytes: UnsafeMutableRawBufferPointer, _ seed: Int, count: Int) -> Bool {
    bytes.count == count
        && bytes.enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: seed &* 31 &+ $0 &* 7) }
}

func matches(_ buffer: borrowing MessageBuffer, _ seed: Int, count: Int) -> Bool {
    matches(buffer.bytes, seed, count: count)
}
