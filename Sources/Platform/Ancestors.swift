import Glibc
import SystemPackage

/// The processes above one, as /proc tells of them.
public enum Ancestors {
    /// From `pid (name) state ppid ...`; the name may hold anything, so fields count from its last parenthesis.
    public static func parent(of process: pid_t) -> pid_t? {
        let bytes = (try? FilePath("/proc/\(process)/stat").contents()) ?? []
        guard let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(close + 1)...].split(separator: UInt8(ascii: " "))
        return fields.count > 1 ? pid_t(String(decoding: fields[1], as: UTF8.self)) : nil
    }

    /// The files that the processes above this one run, the nearest first, without those that are not ours to look at.
    public static var programs: [FilePath] {
        var programs: [FilePath] = []
        var process = getppid()
        while process > 1 {
            var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            if readlink("/proc/\(process)/exe", &text, text.count - 1) > 0 {
                programs.append(
                    FilePath(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)))
            }
            guard let parent = parent(of: process) else { break }
            process = parent
        }
        return programs
    }
}
