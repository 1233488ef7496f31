import CMPI
import Glibc
import Platform

/// Where this process looks for its MPI library, which is opened when it is known who started the process.
///
/// The library beside the launcher comes first: the two understand each other. Then come those that the system's loader
/// finds, by LD_LIBRARY_PATH and its cache.
struct LibrarySearch: Equatable {
    /// Paths, and names for the loader, in the order in which they are tried.
    let candidates: [String]
    private let families: [LibraryFamily]
    private let setting: String?

    /// - Parameters:
    ///   - setting: The variable STAGECOACH_MPI: a family, or a library's path; nil: whose launcher it was decides.
    ///   - programs: The files that the processes above this one run.
    init(
        setting: String?, starter: Launch.Starter, programs: [String], exists: (String) -> Bool
    ) throws(MPIError) {
        self.setting = setting
        if let setting, setting.contains("/") {
            (families, candidates) = ([], [setting])
            return
        }
        if let setting {
            guard let family = LibraryFamily(rawValue: setting) else {
                throw report(
                    "MPI_Init_thread", .noLibrary("STAGECOACH_MPI=\(setting) is none of openmpi, mpich and a path"))
            }
            families = [family]
        } else {
            families = starter.families
        }
        let names = families.flatMap(\.libraries)
        let folder = programs.lazy.compactMap(Self.launcherFolder).first
        let places = folder.map { folder in ["lib", "lib64", "lib/release"].map { "\(folder)/../\($0)" } } ?? []
        candidates = places.flatMap { place in names.map { "\(place)/\($0)" } }.filter(exists) + names
    }

    /// Where the program of a launcher, or of what it starts on each machine, is; nil for programs of other names.
    private static func launcherFolder(_ program: String) -> String? {
        guard let slash = program.lastIndex(of: "/") else { return nil }
        let isLauncher = launchers.contains(String(program[program.index(after: slash)...]))
        return isLauncher ? String(program[..<slash]) : nil
    }

    private static let launchers: Set = [
        "mpirun", "mpiexec", "orterun", "orted", "prterun", "prte", "prted", "mpiexec.hydra", "mpiexec.mpich",
        "hydra_pmi_proxy", "hydra_bstrap_proxy",
    ]

    /// Opens the first library that is there.
    func open() throws(MPIError) -> OpenedLibrary {
        var reasons: [String] = []
        for candidate in candidates {
            var library = cmpi_library()
            var reason = [CChar](repeating: 0, count: 1024)
            if cmpi_open(candidate, &library, &reason, reason.count) == 0 { return OpenedLibrary(library) }
            let text = String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            // A name that the loader does not know is no news; a library that lacks another one is.
            if candidate.contains("/") || !text.hasPrefix("\(candidate): cannot open") { reasons.append(text) }
        }
        throw report("MPI_Init_thread", .noLibrary(complaint(reasons)))
    }

    private func complaint(_ reasons: [String]) -> String {
        if let reason = reasons.first {
            return "\(candidates[0]) cannot be used: \(reason)"
        }
        let names = families.map { "\($0.title) (\($0.libraries[0]))" }.joined(separator: " or ")
        return
            "there is no \(names) here: install it (Debian: \(families[0].remedy)), set LD_LIBRARY_PATH to where it is, "
            + "or name it with STAGECOACH_MPI=/path/to/libmpi.so"
    }
}

/// The MPI library of this process.
struct OpenedLibrary {
    /// As it calls itself, without its build: "Open MPI 4.1.4".
    let title: String
    let path: String

    init(_ library: cmpi_library) {
        var library = library
        path = withUnsafeBytes(of: &library.path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let version = withUnsafeBytes(of: &library.version) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        title = Self.title(of: version)
    }

    /// The name and number in what MPI_Get_library_version says: "Open MPI v4.1.4, package: ...", "MPICH Version:\t4.0.2",
    /// "Intel(R) MPI Library 2021.18.1 for Linux* OS".
    static func title(of version: String) -> String {
        let line = version.split(whereSeparator: \.isNewline).first ?? ""
        let words = line.split { $0.isWhitespace || $0 == "," }
        guard let number = words.firstIndex(where: { $0.drop { $0 == "v" }.first?.isNumber ?? false }) else {
            return String(line)
        }
        let name = words[..<number].filter { $0 != "Version:" }
        return (name + [words[number].drop { $0 == "v" }]).joined(separator: " ")
    }
}
