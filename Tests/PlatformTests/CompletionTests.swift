import Platform
import Testing

@Suite struct CompletionTests {
    @Test func whatIsNotCompleteIsWaitedForAndNoLonger() {
        let completion = Completion()
        let start = MachineTime().now
        #expect(!completion.wait(for: .milliseconds(30)))
        #expect(MachineTime().now - start >= .milliseconds(30))
        completion.complete()
        #expect(completion.wait(for: .zero) && completion.wait(for: .seconds(3600)))
    }

    @Test func anotherThreadEndsTheWait() throws {
        let completion = Completion()
        let thread = try BackgroundThread { completion.complete() }
        #expect(completion.wait(for: .seconds(3600)))
        thread.join()
    }
}
