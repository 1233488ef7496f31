import Foundation

extension Launcher {
    /// Runs `program` on `ranks` ranks of this machine; see `run` for the rest.
    ///
    /// - Parameter options: further options of mpirun, before the program.
    public static func mpirun(
        ranks: Int, _ program: String, _ arguments: [String] = [], options: [String] = [],
        environment: [String: String?] = [:], input: [UInt8] = [], timeout: Duration = patience,
        during: (@Sendable (RunningCommand) async throws -> Void)? = nil
    ) async throws -> CommandResult {
        // Ranks share the few cores of a test machine: more ranks than cores, none bound, all yielding.
        let fixed = [
            "-q", "-np", "\(ranks)", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1",
        ]
        // CI containers run as root; both variables are mpirun's own way to say that this is meant.
        let root: [String: String?] = ["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]
        return try await run(
            "mpirun", fixed + options + [program] + arguments, environment: root.merging(environment) { $1 },
            input: input, timeout: timeout, during: during)
    }

    /// The path of an executable that this package builds, such as `stagecoach`.
    ///
    /// Tests and products land in one folder, whatever it is called; the running test program stands in it.
    public static func product(_ name: String) -> String {
        let running = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let candidates = [running] + CommandLine.arguments.filter { $0.contains(".xctest") }
        let folders = candidates.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        let paths = (folders + [TestFiles.packageRoot.appendingPathComponent(".build/release")])
            .map { $0.appendingPathComponent(name).path }
        return paths.first { FileManager.default.isExecutableFile(atPath: $0) } ?? paths.last!
    }
}
