import Testing

@testable import MPI

struct WaitingTests {
    @Test func aWaitWithADeadlineEnds() {
        let start = ContinuousClock.now
        var backoff = Backoff(.idle, timeout: .milliseconds(30))
        while backoff.pause() {}
        #expect(ContinuousClock.now - start >= .milliseconds(30))
    }

    @Test func napsGrowWithTheWait() {
        var backoff = Backoff(WaitPolicy(yieldTime: .zero), timeout: .milliseconds(200))
        var pauses = 0
        while backoff.pause() { pauses += 1 }
        #expect(pauses < 100, "growing naps cannot be so many in 200 ms")
    }

    @Test func aTimeoutOfNothingEndsAtOnce() {
        var backoff = Backoff(.yielding, timeout: .zero)
        let goesOn = backoff.pause()
        #expect(!goesOn)
    }

    @Test(arguments: [
        (Duration.seconds(2), Int64(2_000_000_000)), (.nanoseconds(3), 3), (.seconds(-1), 0),
        (.seconds(Int64.max), .max),
        (.milliseconds(1500), 1_500_000_000),
    ])
    func nanoseconds(_ duration: Duration, _ expected: Int64) { #expect(duration.nanoseconds == expected) }

    @Test func errorsReadAsSentences() {
        let error = MPIError(call: "MPI_Irecv", rank: 3, peer: 2, cause: .timedOut(after: .seconds(20)))
        #expect("\(error)" == "rank 3: MPI_Irecv with rank 2 did not complete within 20.0 seconds")
        let length = MPIError(call: "MPI_Send", rank: nil, peer: nil, cause: .messageLength(-1))
        #expect("\(length)" == "MPI_Send cannot carry -1 bytes: a message holds 0 to 2147483647 bytes")
    }
}
