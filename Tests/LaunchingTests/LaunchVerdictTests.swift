import Glibc
import Testing

@testable import Launching

@Suite struct LaunchVerdictTests {
    private func verdict(
        _ program: ProgramEnd, signal: CInt? = nil, killing: SessionEnd.Killing? = nil,
        said: LauncherSaid = LauncherSaid(), agents: [[String]] = [], hosts: [String] = []
    ) -> LaunchVerdict {
        LaunchVerdict(
            SessionEnd(
                program: program, signal: signal, killing: killing, isOverLimit: false, said: said, agents: agents),
            hosts: hosts)
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

    /// As who else is ended by a signal: a shell's loop goes on otherwise.
    @Test func whomASignalEndedDiesOfIt() {
        #expect(verdict(.exited(1), signal: SIGINT).signal == SIGINT)
        #expect(verdict(.exited(143), signal: SIGTERM).signal == SIGTERM)
        #expect(verdict(.exited(0), signal: SIGINT).signal == nil && verdict(.exited(70), signal: SIGINT).signal == nil)
    }

    /// A service that was asked before it listened, by a signal that ended it.
    @Test(arguments: [ProgramEnd.exited(138), .killed(SIGUSR1)]) func whoIsAskedEarlyHasNotFailed(_ end: ProgramEnd) {
        let verdict = verdict(end, signal: SIGTERM)
        #expect(verdict.status == 0 && verdict.message == nil && verdict.signal == nil)
        #expect(self.verdict(end).status == 138)
    }

    @Test func whoLostItsReaderDiesQuietly() {
        let verdict = verdict(.exited(1), said: LauncherSaid(lostItsReader: true))
        #expect(verdict.signal == SIGPIPE && verdict.message == nil)
    }

    @Test func machinesAreNamed() {
        let lost = verdict(.exited(205), said: LauncherSaid(lostMachine: "b"))
        #expect(lost.status == 70 && lost.message?.hasPrefix("mpirun lost touch with b: ") == true)
        #expect(verdict(.exited(205)).status == 70)
        let agents = [["/usr/bin/ssh", "-x", "b", "orted"], ["/usr/bin/ssh", "-x", "c", "orted"]]
        let silent = verdict(.killed(9), killing: .outlivedItsRanks, agents: agents, hosts: ["a", "me@b", "c"])
        #expect(silent.message?.hasPrefix("mpirun could not reach me@b, c to end its ranks there") == true)
        let asking = verdict(.killed(9), killing: .askedAtTerminal, agents: [agents[0]], hosts: ["b"])
        #expect(asking.status == 70 && asking.message?.contains(" reach b asks something at the terminal") == true)
        let still = verdict(.killed(9), killing: .stoodStill)
        #expect(still.status == 70 && still.message?.hasPrefix("mpirun was stopped by a signal") == true)
    }

    @Test func itsReasonsAreShown() {
        let verdict = verdict(.exited(1), said: LauncherSaid(reasons: ["no slots"]))
        #expect(verdict.reasons == ["no slots"] && verdict.message?.hasSuffix("; the lines above say why") == true)
        #expect(self.verdict(.exited(65), said: LauncherSaid(reasons: ["x"])).reasons.isEmpty)
        let start = self.verdict(.exited(1), said: LauncherSaid(couldNotStart: true)).message
        #expect(start?.hasPrefix("mpirun could not start its daemon on every machine; ") == true)
    }
}
