import Engine
import Glibc
import Hostfiles
import Requests
import Sweeps

extension LaunchLine {
    /// For launches from this machine, of this program.
    static func here(hostfile path: String?) throws(EngineError) -> LaunchLine {
        let variables = allVariables
        let host = hostName
        return LaunchLine(
            hostfile: try path.map { path throws(EngineError) in try Hostfile.read(path) },
            program: variables["STAGECOACH_PROGRAM"] ?? ownPath, isRoot: geteuid() == 0,
            localNames: [host, String(host.prefix { $0 != "." })], environment: variables)
    }

    private static var allVariables: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The file that this process runs.
    private static var ownPath: String {
        guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
        defer { free(path) }
        return String(cString: path)
    }
}
