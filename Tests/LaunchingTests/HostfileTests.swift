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

    @Test func ranksBeginAgainAtTheTop() throws {
        let file = try Hostfile("a slots=2\nb\n", path: "/h")
        #expect(file.placement(of: 4) == ["a", "a", "b", "a"])
        #expect(file.placement(of: 3, onePerHost: true) == ["a", "b", "a"])
    }

    @Test(arguments: [
        "", "# nobody\n", "slots=2\n", "a\nb slots=none\n", "a slots=0\n", "a slots=-1\n", "a slots=1000\n",
        "a slots=\n",
        "^a\n",
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
