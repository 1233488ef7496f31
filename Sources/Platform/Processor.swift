import Glibc

/// The machine's processor, as the kernel names it.
public enum Processor {
    public static var name: String {
        guard let file = fopen("/proc/cpuinfo", "re") else { return "unknown" }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else { continue }
            return String(text[text.index(after: colon)...].drop { $0.isWhitespace }.prefix { $0 != "\n" })
        }
        return "unknown"
    }

    public static var coreCount: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
