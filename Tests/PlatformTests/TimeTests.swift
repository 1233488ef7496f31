import Platform
import Testing

@Suite struct TimeTests {
    @Test func machinesTimeOnlyGoesForward() async throws {
        let time = MachineTime()
        let start = time.now
        try await time.sleep(until: start + .milliseconds(2))
        #expect(time.now - start >= .milliseconds(2))
        // What is over is not waited for.
        try await time.sleep(until: start)
        let sleep = Task { try await time.sleep(until: .seconds(1_000_000_000)) }
        sleep.cancel()
        await #expect(throws: CancellationError.self) { try await sleep.value }
    }

    @Test func durationsAreNumbersOfSeconds() {
        #expect(Duration.milliseconds(1500).seconds == 1.5 && Duration.seconds(-2).seconds == -2)
    }
}
