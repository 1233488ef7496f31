/// The control groups that this process is in, of the kernel's version 1, version 2, or both at once as some systems have
/// them: of each hierarchy its own group and those around it, up to where this process sees the hierarchy begin.
///
/// A limit anywhere on that way holds: Slurm limits the group of a job and of its steps, systemd that of a service or a
/// slice, Docker the container's.
struct ControlGroups {
    /// Where hierarchies are mounted.
    private let mounts: [Mount]
    /// The groups of this process by their hierarchies' controllers, as the hierarchy names them; "" is version 2's.
    private let paths: [(controllers: Set<Substring>, path: Substring)]
    /// Below what `/proc` and the mounts are: nothing, or a folder that a test made.
    private let root: String

    private struct Mount {
        /// nil: of version 2.
        let controllers: Set<Substring>?
        /// The group that is mounted, as the hierarchy names it.
        let group: String
        let folder: String
    }

    init(root: String = "") {
        self.root = root
        mounts = (SystemFile.read(root + "/proc/self/mountinfo") ?? "").split(separator: "\n").compactMap(Self.mount)
        paths = (SystemFile.read(root + "/proc/self/cgroup") ?? "").split(separator: "\n").compactMap { line in
            // number:controllers:path
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            return (Set(fields[1].split(separator: ",", omittingEmptySubsequences: false)), fields[2])
        }
    }

    /// The folders of all groups that bound what a controller hands out to this process, innermost first.
    func folders(_ controller: Substring) -> [String] {
        mounts.flatMap { mount -> [String] in
            if let controllers = mount.controllers, !controllers.contains(controller) { return [] }
            let wanted = mount.controllers == nil ? "" : controller
            guard let path = paths.first(where: { $0.controllers.contains(wanted) })?.path else { return [] }
            return groups(path, in: mount)
        }
    }

    private func groups(_ path: Substring, in mount: Mount) -> [String] {
        let whole = mount.group == "/" ? "" : mount.group
        // A group outside of what is mounted here is bounded by the outermost one that can be seen.
        let isInside = path == whole || path.hasPrefix(whole + "/")
        let names = isInside ? path.dropFirst(whole.count).split(separator: "/") : []
        guard !names.contains("..") else { return [root + mount.folder] }
        return (0...names.count).reversed().map { count in
            ([root + mount.folder] + names.prefix(count).map(String.init)).joined(separator: "/")
        }
    }

    /// From `36 35 98:0 /group /folder options ... - cgroup source options`.
    private static func mount(_ line: Substring) -> Mount? {
        let fields = line.split(separator: " ")
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
        let controllers: Set<Substring>?
        switch fields[dash + 1] {
        case "cgroup2": controllers = nil
        case "cgroup": controllers = Set(fields[dash + 3].split(separator: ","))
        default: return nil
        }
        let folder = unescaped(fields[4])
        return Mount(
            controllers: controllers, group: unescaped(fields[3]), folder: folder == "/" ? "" : folder)
    }

    /// Spaces and the like stand there as `\040`.
    private static func unescaped(_ text: Substring) -> String {
        let parts = text.split(separator: "\\", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { text, part in
            guard let code = UInt8(part.prefix(3), radix: 8) else { return text + "\\" + part }
            return text + String(UnicodeScalar(code)) + part.dropFirst(3)
        }
    }
}
