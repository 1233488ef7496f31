import Glibc
import Testing

@testable import Launching

/// What a session does when, without a process or a clock.
@Suite struct SessionWatchTests {
    private static func watch(service: Bool = false) -> SessionWatch { SessionWatch(.interactive(isService: service)) }

    /// MPICH's mpiexec stays where each ssh of it has failed.
    @Test func aLauncherThatHasNobodyIsKilled() {
        var watch = SessionWatch(.interactive(isService: false))
        watch.seeNobody(at: .seconds(1))
        watch.seeNobody(at: .seconds(2))
        #expect(watch.look(at: .seconds(20)) == nil)
        #expect(watch.look(at: .seconds(21)) == .kill(.outlivedItsRanks))
    }

    @Test func aSignalIsPassedOnOnce() {
        var watch = Self.watch()
        #expect(watch.take(SIGINT, at: .seconds(5)) == .send(SIGINT))
        #expect(watch.take(SIGINT, at: .seconds(6)) == nil && watch.take(SIGTERM, at: .seconds(7)) == nil)
    }

    @Test func whoDoesNotEndIsKilled() {
        var watch = Self.watch()
        #expect(watch.nextLook == nil && watch.look(at: .seconds(1000)) == nil)
        _ = watch.take(SIGTERM, at: .seconds(1000))
        #expect(watch.nextLook == .seconds(1010))
        #expect(watch.look(at: .seconds(1009.9)) == nil)
        #expect(watch.look(at: .seconds(1010)) == .kill(.stuck))
    }

    @Test func aServiceIsAskedTwice() {
        var watch = Self.watch(service: true)
        #expect(watch.take(SIGTERM, at: .zero) == .send(SIGUSR1))
        #expect(watch.take(SIGINT, at: .zero) == .send(SIGUSR1))
        #expect(watch.look(at: .seconds(1000)) == nil)
        #expect(watch.take(SIGTERM, at: .seconds(1000)) == .send(SIGTERM))
        #expect(watch.take(SIGTERM, at: .seconds(1001)) == nil)
        #expect(watch.look(at: .seconds(1010)) == .kill(.stuck))
    }

    /// An ssh to another machine stays; mpirun has twenty seconds once the ranks here have gone.
    @Test func whoOutlivesItsRanksIsKilled() {
        var watch = Self.watch()
        watch.see([7], at: .seconds(1)) { $0 != 7 }
        watch.see([7, 8, 9], at: .seconds(2)) { $0 != 7 }
        watch.see([7, 9], at: .seconds(3)) { _ in true }
        #expect(watch.nextLook == nil)
        watch.see([7], at: .seconds(4)) { _ in true }
        watch.see([7], at: .seconds(5)) { _ in true }
        #expect(watch.nextLook == .seconds(24) && watch.look(at: .seconds(23.9)) == nil)
        #expect(watch.look(at: .seconds(24)) == .kill(.outlivedItsRanks))
    }

    @Test func whoHasNoRanksHereIsLeftAlone() {
        var watch = Self.watch()
        for second in 1...100 { watch.see([7], at: .seconds(second)) { _ in false } }
        #expect(watch.look(at: .seconds(1000)) == nil)
    }

    @Test func aMeasurementHasALimit() {
        var watch = SessionWatch(.unattended(limit: .seconds(60)))
        #expect(watch.look(at: .seconds(59)) == nil && !watch.isOverLimit && watch.nextLook == .seconds(60))
        #expect(watch.look(at: .seconds(60)) == .send(SIGTERM) && watch.isOverLimit)
        #expect(watch.look(at: .seconds(69)) == nil && watch.nextLook == .seconds(70))
        #expect(watch.look(at: .seconds(70)) == .kill(.stuck))
        var interrupted = SessionWatch(.unattended(limit: .seconds(60)))
        #expect(interrupted.take(SIGINT, at: .seconds(1)) == .send(SIGTERM))
    }

    /// Ranks go on, and nobody hears of them.
    @Test func whoIsStoppedAndNotLetGoOnIsKilled() {
        var watch = Self.watch()
        watch.see(isStopped: true, at: .seconds(1))
        watch.see(isStopped: true, at: .seconds(20))
        #expect(watch.nextLook == .seconds(21) && watch.look(at: .seconds(20)) == nil)
        watch.see(isStopped: false, at: .seconds(20.5))
        #expect(watch.nextLook == nil && watch.look(at: .seconds(30)) == nil)
        watch.see(isStopped: true, at: .seconds(40))
        #expect(watch.look(at: .seconds(60)) == .kill(.stoodStill))
    }

    /// A process in the background that would read from the terminal is stopped, for good.
    @Test func whoAsksAtTheTerminalIsNotWaitedFor() {
        var watch = Self.watch()
        watch.see(stopped: [7])
        #expect(watch.look(at: .seconds(1)) == nil)
        watch.see(stopped: [8])
        #expect(watch.look(at: .seconds(2)) == nil)
        watch.see(stopped: [8, 9])
        #expect(watch.look(at: .seconds(3)) == .kill(.askedAtTerminal))
        var running = Self.watch()
        running.see([7], at: .zero) { _ in true }
        for _ in 1...3 { running.see(stopped: [8]) }
        #expect(running.look(at: .seconds(3)) == nil)
    }

    /// mpirun passes a signal on to the ranks that there are.
    @Test func aServiceThatHadNoRanksIsAskedAgain() {
        var watch = Self.watch(service: true)
        watch.see([], at: .zero) { _ in true }
        #expect(watch.take(SIGTERM, at: .zero) == .send(SIGUSR1))
        #expect(watch.look(at: .seconds(1)) == nil)
        watch.see([8], at: .seconds(2)) { _ in true }
        #expect(watch.look(at: .seconds(2)) == .send(SIGUSR1) && watch.look(at: .seconds(3)) == nil)
        var other = Self.watch(service: true)
        other.see([8], at: .zero) { _ in true }
        _ = other.take(SIGTERM, at: .zero)
        #expect(other.look(at: .seconds(3)) == nil)
    }
}
