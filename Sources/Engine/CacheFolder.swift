import FoundationEssentials
import SystemPackage

/// Where this user's programs keep what they can make or fetch again.
enum CacheFolder {
    /// `$STAGECOACH_CACHE`, else the user's cache folder, as the scripts choose it.
    static var standard: FilePath {
        let environment = ProcessInfo.processInfo.environment
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let folder = value("STAGECOACH_CACHE") { return FilePath(folder) }
        return FilePath(value("XDG_CACHE_HOME") ?? "\(value("HOME") ?? "/root")/.cache").appending("stagecoach")
    }
}
