import Foundation
import TestSupport
import Testing

/// The numbers and layouts in `Sources/CMPI/abi`, beside those of the libraries' own headers.
struct BinaryInterfaceTests {
    private static let numbers = [
        "sizeof(MPI_Status)", "offsetof(MPI_Status, MPI_SOURCE)", "offsetof(MPI_Status, MPI_TAG)",
        "offsetof(MPI_Status, MPI_ERROR)", "sizeof(MPI_Comm)", "sizeof(MPI_Request)", "sizeof(MPI_Message)",
        "sizeof(MPI_Datatype)", "sizeof(MPI_Errhandler)", "sizeof(MPI_Info)", "MPI_IN_PLACE", "MPI_STATUS_IGNORE",
        "MPI_ANY_SOURCE", "MPI_ANY_TAG", "MPI_UNDEFINED", "MPI_COMM_TYPE_SHARED", "MPI_THREAD_SINGLE",
        "MPI_THREAD_FUNNELED", "MPI_THREAD_SERIALIZED", "MPI_THREAD_MULTIPLE", "MPI_ERR_COUNT", "MPI_ERR_TAG",
        "MPI_ERR_COMM", "MPI_ERR_RANK", "MPI_ERR_ROOT", "MPI_ERR_ARG", "MPI_ERR_TRUNCATE", "MPI_ERR_OTHER",
        "MPI_ERR_INTERN",
    ]
    /// Addresses in Open MPI's interface, which looks their names up.
    private static let handles = ["MPI_COMM_WORLD", "MPI_COMM_NULL", "MPI_BYTE", "MPI_ERRORS_RETURN", "MPI_INFO_NULL"]

    /// What a program prints that has these from `header`.
    private func values(_ names: [String], _ header: String, _ flags: [String]) async throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stagecoach-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let lines = names.map { "    printf(\"\($0) %lld\\n\", (long long)(\($0)));\n" }.joined()
        let text = "#include <stddef.h>\n#include <stdio.h>\n#include \(header)\nint main(void) {\n\(lines)}\n"
        let (source, program) = ("\(folder.path)/values.c", "\(folder.path)/values")
        try Data(text.utf8).write(to: URL(fileURLWithPath: source))
        let build = try await Launcher.run("clang", ["-Wno-everything", source, "-o", program] + flags)
        #expect(build.succeeded, "\(build)")
        return try await Launcher.run(program).output
    }

    /// - Parameters:
    ///   - package: Its name for pkg-config.
    @Test(arguments: [("openmpi", "ompi-c", false), ("mpich", "mpich", true)])
    func numbersAreThoseOfTheHeader(_ name: String, _ package: String, _ hasHandles: Bool) async throws {
        let flags = try await Launcher.run("pkg-config", ["--cflags", package])
        try #require(flags.succeeded, "the header of \(name) is not here: run scripts/setup --tests")
        let words = flags.output.split(whereSeparator: \.isWhitespace).map(String.init)
        let names = Self.numbers + (hasHandles ? Self.handles : [])
        let own = TestFiles.packageRoot.appendingPathComponent("Sources/CMPI/abi/\(name).h").path
        let ours = try await values(names, "\"\(own)\"", [])
        #expect(try await values(names, "<mpi.h>", words.filter { $0.hasPrefix("-I") }) == ours)
        #expect(ours.split(separator: "\n").count == names.count)
    }
}
