import Glibc
import MPI

enum Waiting {
    static var cases: [String: MPICases.Case] {
        [
            "idle-receive": idleReceive, "idle-barrier": idleBarrier, "idle-probe": idleProbe, "timeout": timeout,
        ]
    }

    /// All ranks but 0 wait for a message that rank 0 sends late, and say what share of a core that took.
    static func idleReceive(_ world: borrowing Communicator) throws {
        try idle(world) { world in
            var request = try world.beginReceive(into: MessageBuffer(capacity: 8), from: 0, tag: 1)
            try request.wait(.idle, timeout: patience)
        } wake: { world in
            for rank in 1..<world.size { try world.send([1], to: rank, tag: 1) }
        }
    }

    static func idleBarrier(_ world: borrowing Communicator) throws {
        try idle(world) {
            try $0.barrier(waiting: .idle, timeout: patience)
        } wake: {
            try $0.barrier(waiting: .idle)
        }
    }

    static func idleProbe(_ world: borrowing Communicator) throws {
        try idle(world) { world in
            _ = try world.receive(Int.self, from: 0, tag: 1, waiting: .idle, timeout: patience)
        } wake: { world in
            for rank in 1..<world.size { try world.send([1], to: rank, tag: 1) }
        }
    }

    /// A busy machine adds cold caches to a wait and takes nothing away, so one good measurement of ten will do.
    private static func idle(
        _ world: borrowing Communicator, wait: MPICases.Case, wake: MPICases.Case
    ) throws {
        var largest = 1.0
        for _ in 0..<10 where largest >= 0.01 {
            try world.barrier()
            let before = (seconds(), cpuSeconds())
            if world.rank == 0 { usleep(1_500_000) }
            try world.rank == 0 ? wake(world) : wait(world)
            let after = (seconds(), cpuSeconds())
            let share = (after.1 - before.1) / (after.0 - before.0)
            let shares = try world.allgather(share)[1...]
            largest = shares.max() ?? 0
            if world.rank == 0 { print("idle ranks: \(shares.map { (1e5 * $0).rounded() / 1e3 }) % of a core") }
        }
        try expect(largest < 0.01, "an idle rank takes \(largest * 100) % of a core")
    }

    static func timeout(_ world: borrowing Communicator) throws {
        var request = try world.beginReceive(into: MessageBuffer(capacity: 8), from: world.rank, tag: 4)
        for policy in [WaitPolicy.yielding, .idle] {
            let start = seconds()
            let error = try expectError { try request.wait(policy, timeout: .milliseconds(50)) }
            let time = seconds() - start
            try expect(time > 0.049, "50 ms took \(time) s")
            try expect(error.isTimeout && error.call == "MPI_Irecv" && error.rank == world.rank, "\(error)")
            try expect(error.description.contains("0.05 seconds"), "\(error)")
        }
        let match = try expectError { _ = try world.match(from: 0, waiting: .idle, timeout: .milliseconds(20)) }
        try expect(match.isTimeout && match.call == "MPI_Improbe" && match.peer == 0, "\(match)")
        // A request whose time ran out is still under way, and can be satisfied.
        try world.send([7], to: world.rank, tag: 4)
        try expect(try request.wait(timeout: patience).byteCount == 8, "the message did not come")
    }
}

/// For what must happen: ends hangs, before the launcher does.
let patience: Duration = .seconds(300)

func seconds() -> Double { clock(CLOCK_MONOTONIC) }

/// Time that all threads of this process have run, in the program and in the kernel for it.
func cpuSeconds() -> Double { clock(CLOCK_PROCESS_CPUTIME_ID) }

private func clock(_ id: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(id, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
