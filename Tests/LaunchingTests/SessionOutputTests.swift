import Foundation
import Glibc
import Platform
import SystemPackage
import TestSupport
import Testing

@testable import Launching

@Suite struct SessionOutputTests {
    private func run(_ script: String, _ output: SessionOutput) throws -> SessionEnd {
        let session = try RankSession(
            ["sh", "-c", script], environment: ProcessInfo.processInfo.environment, .interactive(isService: false),
            signals: SignalQueue([]), input: .nothing(), output: output.descriptor,
            family: .openMPI4)
        return session.wait { output.failure == nil }
    }

    @Test func passesOnEverything() throws {
        let path = FileManager.default.temporaryDirectory.path + "/stagecoach-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        let output = try SessionOutput(to: file)
        #expect(try run("seq 100000; exit 3", output).program == .exited(3))
        #expect(output.finish() == nil)
        try file.close()
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasSuffix("99999\n100000\n"))
    }

    /// A session whose output goes nowhere is ended, and nobody hangs in a pipe that is full.
    @Test func outputThatIsFullEndsTheSession() throws {
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        defer { try? full.close() }
        let output = try SessionOutput(to: full)
        #expect(try run("yes", output).program != .exited(0))
        #expect(output.finish() == .noSpace)
    }

    @Test func aReaderThatHasGoneIsNoSignal() throws {
        let pipe = try FileDescriptor.pipe()
        try pipe.readEnd.close()
        defer { try? pipe.writeEnd.close() }
        let output = try SessionOutput(to: pipe.writeEnd)
        #expect(try run("echo 1", output).killing == nil)
        #expect(output.finish() == .brokenPipe)
    }

    /// A process that mpirun left behind has its output too.
    @Test func whoLivesOnIsNotWaitedFor() throws {
        let path = FileManager.default.temporaryDirectory.path + "/stagecoach-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let null = try FileDescriptor.open("/dev/null", .writeOnly)
        defer { try? null.close() }
        let output = try SessionOutput(to: null)
        #expect(try run("sleep 1000 2>/dev/null & echo $! > \(path)", output).program == .exited(0))
        #expect(output.finish() == nil)
        let text = try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        kill(try #require(pid_t(text)), SIGKILL)
    }
}

/// This process stands for mpirun.
@Suite struct LauncherOutputTests {
    private let path = FileManager.default.temporaryDirectory.path + "/stagecoach-\(UUID().uuidString)"

    private func missing(_ output: LauncherOutput, of count: Int, _ time: ManualTime = ManualTime()) -> Int {
        output.missing(of: count, time: time) { time.advance(by: .seconds(1)) }
    }

    @Test(arguments: [[], FileDescriptor.OpenOptions.append]) func bytesThatAreMissing(
        _ options: FileDescriptor.OpenOptions
    ) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(repeating: 1, count: 50).write(to: URL(fileURLWithPath: path))
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: options)
        defer { try? file.close() }
        let output = try #require(LauncherOutput(process: getpid(), descriptor: file.rawValue))
        #expect(missing(output, of: 0) == 0)
        try file.writeWhole([UInt8](repeating: 2, count: 100))
        #expect(missing(output, of: 100) == 0)
        let time = ManualTime()
        #expect(missing(output, of: 130, time) == 30)
        #expect((10...12).contains(time.now.seconds))
    }

    @Test func aDeviceThatIsFull() throws {
        let full = try FileDescriptor.open("/dev/full", .writeOnly)
        defer { try? full.close() }
        let output = try #require(LauncherOutput(process: getpid(), descriptor: full.rawValue))
        let time = ManualTime()
        #expect(missing(output, of: 0, time) == 0 && missing(output, of: 7, time) == 7 && time.now == .zero)
    }

    @Test func pipesAndOtherDevicesSayNothing() throws {
        let pipe = try FileDescriptor.pipe()
        let null = try FileDescriptor.open("/dev/null", .writeOnly)
        for file in [pipe.readEnd, pipe.writeEnd, null] {
            #expect(LauncherOutput(process: getpid(), descriptor: file.rawValue) == nil)
            try file.close()
        }
        #expect(LauncherOutput() == nil)
    }
}
