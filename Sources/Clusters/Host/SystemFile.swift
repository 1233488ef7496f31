import Platform
import SystemPackage

/// The small files in which the kernel tells of itself.
enum SystemFile {
    /// The file at `path`; nil where it cannot be read.
    static func read(_ path: String) -> String? {
        do { return String(decoding: try FilePath(path).contents(), as: UTF8.self) } catch { return nil }
    }
}
