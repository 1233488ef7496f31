import Glibc
import Testing

@testable import Launching

/// What a session does when, without a process or a clock.
@Suite struct SessionWatchTests {
    private static func watch(service: Bool = false) -> SessionWatch { SessionWatch(.interactive(isService: service)) }

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
}

@Suite struct LaunchVerdictTests {
    private func verdict(
        _ program: ProgramEnd, signal: CInt? = nil, killing: SessionEnd.Killing? = nil
    ) -> LaunchVerdict {
        LaunchVerdict(SessionEnd(program: program, signal: signal, killing: killing, isOverLimit: false))
    }

    @Test(arguments: [0, 64, 65, 70] as [CInt]) func theProgramsStatusStandsAlone(_ status: CInt) {
        #expect(verdict(.exited(status)).status == status && verdict(.exited(status)).message == nil)
    }

    @Test func whatTheRanksCannotSay() {
        #expect(verdict(.killed(SIGKILL)).status == 137)
        #expect(verdict(.killed(SIGKILL), signal: SIGTERM).message == "mpirun or a rank was killed")
        #expect(verdict(.exited(205)).message?.hasPrefix("mpirun lost touch with a machine; ") == true)
        #expect(verdict(.exited(1)).message?.hasPrefix("mpirun ended with exit code 1; ") == true)
        #expect(verdict(.exited(1), signal: SIGINT).message == nil)
        let cutOff = verdict(.killed(SIGKILL), killing: .outlivedItsRanks)
        #expect(cutOff.status == 70 && cutOff.message?.hasPrefix("mpirun could not reach a machine ") == true)
    }
}
