import SystemPackage

/// What lies at a path.
enum FileStatus {
    static func isFolder(_ path: String) -> Bool { (try? Stat(FilePath(path)))?.type == .directory }
    static func exists(_ path: String) -> Bool { (try? Stat(FilePath(path))) != nil }
}
