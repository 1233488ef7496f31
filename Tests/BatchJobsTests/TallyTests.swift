import Requests
import TestSupport
import Testing

@testable import BatchJobs

@Suite struct TallyTests {
    /// Input may come slowly: the time in which there was nothing to do is nobody's fault.
    @Test func ratesAreOfTheTimeThatHadWork() {
        let time = ManualTime()
        let tally = BatchTally(time: time)
        var timings = Timings()
        (timings.prefillTokens, timings.decodeTokens, timings.timeToFirstToken) = (30, 6, 0.5)
        time.advance(by: .seconds(100))
        tally.begin()
        time.advance(by: .seconds(1))
        tally.begin()
        #expect(tally.sums.busySeconds == 1 && tally.sums.underWay == 2)
        time.advance(by: .seconds(2))
        tally.end(timings)
        tally.end(nil)
        time.advance(by: .seconds(50))
        let sums = tally.sums
        #expect(sums.busySeconds == 3 && sums.prefillRate == 10 && sums.decodeRate == 2)
        #expect(sums.finished == 1 && sums.failed == 1 && sums.underWay == 0 && sums.timesToFirstToken == [0.5])
    }
}
