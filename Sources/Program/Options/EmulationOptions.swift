import ArgumentParser
import Engine
import Planning
import Requests

/// The flags of commands that can take the time of machines that are not there.
struct EmulationOptions: ParsableArguments {
    @Option(
        help: """
            Compute nothing: take as long as hosts and links would that this file describes, or figures for all of \
            them, such as read=20,gigaops=400,memory=32,gbit=1,delay=50.
            """)
    var emulate: String?

    @Option(help: "With --emulate: how many times faster than they would be.")
    var emulateSpeed = 1.0

    func validate() throws {
        if !(emulateSpeed > 0 && emulateSpeed <= 1e6) {
            throw ValidationError("--emulate-speed must be more than 0 and at most 1000000.")
        }
        if emulate == nil, emulateSpeed != 1 { throw ValidationError("--emulate-speed goes with --emulate.") }
    }

    /// nil where nothing is emulated.
    func configuration() throws -> EmulationConfiguration? {
        guard let emulate else { return nil }
        do {
            let cluster =
                emulate.contains("=")
                ? try ClusterFile(figures: emulate)
                : try ClusterFile(json: TextFile.read(emulate).utf8, path: emulate)
            return EmulationConfiguration(cluster: cluster, speed: emulateSpeed)
        } catch let error as ClusterFileError { throw EngineError.badInput("\(error)") }
    }
}
