import Foundation
import TestSupport
import Testing

@testable import Launching

@Suite struct HostfileTests {
    @Test func linesAreHosts() throws {
        let file = try Hostfile("# three\n\na slots=2 # two\n  b\tport=22 max_slots=4\r\na\n", path: "/h")
        #expect(file.path == "/h" && file.slots == ["a", "a", "b", "a"] && file.hosts == ["a", "b"])
        #expect(try Hostfile("a slots=999", path: "/h").slots.count == 999)
    }

    /// As people write them, and as editors of another system and other launchers do.
    @Test(arguments: [
        "a slots = 2\nb\n", "a  slots= 2 max_slots =4\nb", "a:2\nb:1\n", "a slots=2\r\nb\r\n", "\u{FEFF}a slots=2\nb\n",
        "a\u{A0}slots=2\nb\n", "a count=2\nb\n", "a\na\nb # the last\n", "a slots=2\rb\r",
    ])
    func slotsAreFoundHoweverTheyAreWritten(_ text: String) throws {
        let file = try Hostfile(text, path: "/h")
        #expect(file.slots == ["a", "a", "b"], "\(text)")
    }

    @Test func colonsOfAddressesAreTheirOwn() throws {
        #expect(try Hostfile("fd00::2\nme@node.lab:3\n", path: "/h").slots.count == 4)
        #expect(try Hostfile("::1 slots=2\n", path: "/h").hosts == ["::1"])
    }

    /// Open MPI's mpirun reads the file too: where it would refuse it or see other slots, it must not.
    @Test(arguments: [
        ("a slots=2 # é\nb", true), ("a slots = 2\n", true), ("a\na\n", true), ("a slots=2\nb\na\n", true),
        ("a slots=2\r\n", false), ("\u{FEFF}a\n", false), ("a:2\n", false), ("a slots=2 # no end", false),
        ("a slots=2\nb\na slots=1\n", false), ("a\u{A0}slots=2\n", false),
    ])
    func whatOpenMPIReadsOtherwise(_ text: String, _ isRead: Bool) throws {
        #expect(try Hostfile(text, path: "/h").isAsOpenMPIReads == isRead, "\(text)")
    }

    @Test func ranksBeginAgainAtTheTop() throws {
        let file = try Hostfile("a slots=2\nb\n", path: "/h")
        #expect(file.placement(of: 4) == ["a", "a", "b", "a"])
        #expect(file.placement(of: 3, onePerHost: true) == ["a", "b", "a"])
    }

    @Test(arguments: [
        "", "# nobody\n", "slots=2\n", "a\nb slots=none\n", "a slots=0\n", "a slots=-1\n", "a slots=1000\n",
        "a slots=\n",
        "^a\n", "a slots\n", "a slots 2\n", "a:\n", "a:b\n", "a:0\n", ":2\n", "a,b\n", "= 2\n",
    ])
    func badOnesAreRefused(_ text: String) {
        let error = #expect(throws: LaunchError.self) { try Hostfile(text, path: "/h") }
        #expect(error?.description.contains("hostfile /h") == true && error?.status == 65)
    }

    /// mpirun reads them too.
    @Test func theExamplesAreHostfiles() throws {
        let folder = TestFiles.packageRoot.appendingPathComponent("hostfiles").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasSuffix(".json") }
        #expect(names.contains("localhost"))
        for name in names { _ = try Hostfile(contentsOf: "\(folder)/\(name)") }
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let path = TestFiles.absent("hosts")
        let error = #expect(throws: LaunchError.self) { try Hostfile(contentsOf: path) }
        #expect(
            error?.description.hasPrefix("cannot read the hostfile \(path): ") == true && error?.status == 65)
    }

    @Test func theSentenceSaysWhichLine() {
        let error = #expect(throws: LaunchError.self) { try Hostfile("a\nb slots=none\n", path: "/h") }
        #expect(error?.description == "line 2 of the hostfile /h is not \"HOST slots=N\": b slots=none")
    }
}
