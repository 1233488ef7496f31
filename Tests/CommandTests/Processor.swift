import Foundation

/// What this machine's processor can run.
enum Processor {
    private static let flags: Set<Substring> = {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("flags") }
        return Set((line ?? "").split(separator: " "))
    }()

    /// Whether kernels named `isa` run here; nil stands for the program's own choice.
    static func supports(_ isa: String?) -> Bool {
        switch isa {
        case "avx512vnni": flags.contains("avx512_vnni")
        case "avx2": flags.contains("avx2")
        default: true
        }
    }
}
