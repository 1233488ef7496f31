import Testing

@testable import Launching

/// What passes of a session's stderr, and what follows from the rest.
@Suite struct LauncherSpeechTests {
    private static let rule = String(repeating: "-", count: 74)

    /// What passes of pieces that come one after the other.
    private func hear(_ pieces: [String], isAskedToTalk: Bool = false) -> (passed: String, said: LauncherSaid) {
        var speech = LauncherSpeech(.openMPI4, isAskedToTalk: isAskedToTalk)
        var passed: [UInt8] = []
        for piece in pieces { passed += speech.take(piece.utf8) }
        passed += speech.finish()
        return (String(decoding: passed, as: UTF8.self), speech.said)
    }

    @Test(arguments: [
        "loading", "> ", "\rloading ███", "[y/n] ", "[2 ranks", "--", "-> ", "1 of 2", "m", "mpirun", "[vm:12a] ",
        "[a]", "[",
    ])
    func whatRanksSayPasses(_ text: String) {
        #expect(hear(["\(text)\n"]).passed == "\(text)\n")
        #expect(hear([text]).passed == text || hear([text]).passed == text + "\r\u{1B}[2K")
    }

    /// Nobody waits for the end of a line that can only be a rank's.
    @Test(arguments: ["loading", "> ", "\rloading ███", "[y/n] ", "[2 ranks", "-> ", "1 of 2"])
    func andAtOnce(_ text: String) {
        var speech = LauncherSpeech(.openMPI4)
        #expect(speech.take(text.utf8) == Array(text.utf8))
    }

    @Test(arguments: [
        "[vm:1] Read -1, expected 221312, errno = 3",
        "[node1.lab:01234] [ 3] /lib/x86_64-linux-gnu/libc.so.6(+0x3c050)[0x7f43df605050]",
        "[vm][[30917,1],1][btl_tcp_frag.c:130:mca_btl_tcp_frag_send] mca_btl_tcp_frag_send: writev failed: Reset (104)",
        "[vm:7] plm:rsh: Warning: setpgid(8,8) failed in parent with errno=Permission denied(13)",
        "mpirun: Forwarding signal 18 to job", "orterun: killing job...", "2 total processes failed to start",
        "mpirun: abort is already in progress...hit ctrl-c again to forcibly terminate\n",
    ])
    func itsLinesDoNot(_ line: String) {
        let (passed, said) = hear(["stagecoach: a\n\(line)\nb\n"])
        #expect(passed == "stagecoach: a\nb\n" && said.reasons.isEmpty)
        #expect(hear(["\(line)\n"], isAskedToTalk: true).passed == "\(line)\n")
    }

    /// However the stream is cut.
    @Test func messagesAreKept() {
        let text =
            "a\n\(Self.rule)\nThere are not enough slots.\n\nBe modest.\n\(Self.rule)\n[vm:1] x\nb\n\(Self.rule)\nmpirun noticed "
            + "that process\nrank 1 exited on signal 9 (Killed).\n\(Self.rule)\n"
        for pieces in [[text], text.map(String.init), text.split(separator: "\n").map { "\($0)\n" }] {
            let (passed, said) = hear(pieces)
            #expect(passed == "a\nb\n" && said.reasons.count == 1)
            #expect(said.reasons.first?.hasPrefix("There are not enough slots.\n") == true)
        }
    }

    /// A prompt stands on the line where the message begins.
    @Test func aMessageBesideAPrompt() {
        for pieces in [["> ", "\(Self.rule)\nno slots\n\(Self.rule)\n"], ["> \(Self.rule)\nno slots\n\(Self.rule)\n"]] {
            let (passed, said) = hear(pieces)
            #expect(passed == "> " && said.reasons == ["no slots"] && said.isLineOpen)
        }
        #expect(hear(["> ", "[vm:1] Read -1\n"]).passed == "> " && !hear(["a\n"]).said.isLineOpen)
        #expect(hear(["-\(Self.rule)\nmine\n"]).passed == "-\(Self.rule)\nmine\n")
    }

    /// A program of the user's own may draw one.
    @Test func whatFollowsALoneRulePasses() {
        #expect(hear(["\(Self.rule)\na\n"]).passed == "a\n")
        let many = String(repeating: "a\n", count: 1000)
        #expect(hear(["\(Self.rule)\n\(many)"]).passed == many)
        #expect(hear(["---\n"]).passed == "---\n")
    }

    @Test func whatFollowsFromIt() {
        let lost = "ORTE has lost communication with a remote daemon.\n\n  HNP daemon   : [[1,0],0] on node a\n"
        let message = "\(Self.rule)\n\(lost)  Remote daemon: [[1,0],1] on node b.lab\n\(Self.rule)\n"
        #expect(hear([message]).said == LauncherSaid(lostMachine: "b.lab"))
        let start = "\(Self.rule)\nORTE was unable to reliably start one or more daemons.\n\(Self.rule)\n"
        #expect(hear([start]).said == LauncherSaid(couldNotStart: true))
        #expect(
            hear(["[vm:1] mpirun: SIGPIPE detected on fd 13 - aborting\n"]).said == LauncherSaid(lostItsReader: true))
        let error = "[vm:1] [[1,0],0] ORTE_ERROR_LOG: Fatal in file oob_tcp.c at line 2"
        #expect(hear(["\(error)\n"]).said == LauncherSaid(reasons: [error]))
    }

    /// A bar has no end of its own: a message would stand beside it.
    @Test func aMessageTakesTheBarAway() {
        let clearing = "\r\u{1B}[2K"
        for pieces in [["\rloading 9 %", "stagecoach: no\n"], ["\rloading 9 %stagecoach: no\n"]] {
            #expect(hear(pieces).passed == "\rloading 9 %\(clearing)stagecoach: no\n")
        }
        #expect(hear(["\rloading 9 %", "[vm:1] Read -1\n"]).passed == "\rloading 9 %\(clearing)")
        let clean = "\rloading 9 %\(clearing)stagecoach: no\n"
        #expect(
            hear([clean]).passed == clean && hear(["\rloading 9 %\(clearing)", "stagecoach: no\n"]).passed == clean)
    }
}
