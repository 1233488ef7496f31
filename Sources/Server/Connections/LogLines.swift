import FoundationEssentials
import Logging
import Platform
import SystemPackage

/// Log lines on standard error: time, level, message.
struct LogLines: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        // One line, whatever a client put into its request.
        let text = "\(event.message)".map { $0.isNewline ? " " : $0 }
        let line = Array("\(time) \(event.level.rawValue) \(String(text))\n".utf8)
        try? FileDescriptor.standardError.writeWhole(line)
    }
}
