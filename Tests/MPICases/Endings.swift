import Glibc
import MPI

/// Cases in which the program does not end well, and how.
enum Endings {
    static var cases: [String: MPICases.Case] {
        [
            "dropped-request": droppedRequest, "dropped-match": droppedMatch,
            "dropped-after-error": droppedAfterError, "dropped-after-declared-failure": droppedAfterDeclared,
            "start-twice": startTwice, "taken-early": takenEarly,
            "abort": abort, "leave": leave, "leave-together": leaveTogether, "leave-finalizing": leaveFinalizing,
            "hang": hang,
        ]
    }

    static func droppedRequest(_ world: borrowing Communicator) throws {
        let request = try world.beginReceive(into: MessageBuffer(capacity: 8), from: world.rank, tag: 77)
        try expect(!request.isComplete, "complete without a message")
    }

    static func droppedMatch(_ world: borrowing Communicator) throws {
        try world.send([1], to: world.rank, tag: 79)
        _ = try world.match(from: nil, tag: nil)
    }

    static func takenEarly(_ world: borrowing Communicator) throws {
        _ = try world.beginReceive(into: MessageBuffer(capacity: 8), from: world.rank, tag: 80).takeBuffer()
    }

    /// What an error unwinds past must not trap: the error would never be seen.
    static func droppedAfterError(_ world: borrowing Communicator) throws {
        let request = try world.beginReceive(into: MessageBuffer(capacity: 8), from: world.rank, tag: 82)
        try world.send([1], to: world.size)
        _ = try request.finish()
    }

    static func droppedAfterDeclared(_ world: borrowing Communicator) throws {
        let request = try world.beginReceive(into: MessageBuffer(capacity: 8), from: world.rank, tag: 83)
        Environment.declareFailure()
        try expect(world.size < 0, "a failure of another kind")
        _ = try request.finish()
    }

    static func startTwice(_ world: borrowing Communicator) throws {
        let error = try expectError { _ = try Environment().threadLevel }
        try expect(error.cause == .startedTwice, "\(error)")
    }

    /// One rank ends all with its status while the others wait asleep.
    static func abort(_ world: borrowing Communicator) throws {
        if world.rank == world.size - 1 {
            complain("aborting")
            Environment.abort(code: 42)
        }
        try world.barrier(waiting: .idle)
    }

    /// One rank fails by itself and leaves: its status becomes the job's, and nobody hangs.
    static func leave(_ world: borrowing Communicator) throws {
        if world.rank == world.size - 1 { throw Unmet(description: "leaving") }
        try world.barrier(waiting: .idle)
    }

    /// All ranks see the same failure and leave at the same time.
    static func leaveTogether(_ world: borrowing Communicator) throws {
        try world.barrier()
        throw Unmet(description: "leaving")
    }

    /// All ranks but one fail, one after the other, while that one has come to the end and waits for them.
    static func leaveFinalizing(_ world: borrowing Communicator) throws {
        if world.rank > 0 {
            usleep(UInt32(world.rank) * 10_000)
            throw Unmet(description: "leaving")
        }
    }

    /// For the launcher's deadline: this must never end by itself.
    static func hang(_ world: borrowing Communicator) throws {
        complain("hanging")
        while true { try? world.barrier(waiting: .idle, timeout: .seconds(100)) }
    }
}
