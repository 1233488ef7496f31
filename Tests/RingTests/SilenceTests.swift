import Testing

@testable import Ring

@Suite("Silence")
struct SilenceTests {
    @Test("Time in which the rank did not look does not count")
    func onlyListeningCounts() {
        var silence = Silence()
        for _ in 0..<100 { silence.add(0.01) }
        #expect(abs(silence.seconds - 1) < 1e-9)
        silence.add(3600)  // stopped for an hour
        #expect(silence.seconds < 1.2)
    }

    @Test("It goes on after the rank looked after something else, however often")
    func goesOnAfterInterruptions() {
        var silence = Silence()
        for _ in 0..<100 {
            silence.resume()
            silence.add(0.01)
        }
        #expect(abs(silence.seconds - 1) < 1e-9)
    }

    @Test("It ends when something is heard")
    func ends() {
        var silence = Silence()
        silence.add(0.05)
        silence.end()
        #expect(silence.seconds == 0)
    }
}
