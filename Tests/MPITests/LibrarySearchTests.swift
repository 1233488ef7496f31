import Testing

@testable import MPI

/// Which library a process opens, without opening one.
struct LibrarySearchTests {
    private func candidates(
        _ setting: String? = nil, _ starter: Launch.Starter = .hydra, programs: [String] = [], files: Set<String> = []
    ) throws -> [String] {
        try LibrarySearch(setting: setting, starter: starter, programs: programs, exists: files.contains).candidates
    }

    @Test func theLaunchersFamilyIsLookedFor() throws {
        #expect(try candidates(nil, .mpirun) == LibraryFamily.openMPI.libraries)
        #expect(try candidates(nil, .hydra) == LibraryFamily.mpich.libraries)
        #expect(try candidates(nil, .srunPMIx).first == "libmpi.so.40")
        #expect(try candidates(nil, .srunPMI).first == "libmpi.so.12")
        #expect(try candidates(nil, .srunPMI).contains("libmpi.so.40"))
    }

    @Test func theLibraryBesideTheLauncherComesFirst() throws {
        let programs = ["/bin/sh", "/opt/impi/bin/hydra_pmi_proxy", "/usr/bin/python3"]
        let beside = "/opt/impi/bin/../lib/libmpi.so.12"
        #expect(try candidates(programs: programs, files: [beside]) == [beside] + LibraryFamily.mpich.libraries)
        // Another one lies beside a shell, or beside what called the launcher.
        let decoys: Set = ["/bin/../lib/libmpi.so.12", "/usr/bin/../lib/libmpi.so.12"]
        #expect(try candidates(programs: programs, files: decoys) == LibraryFamily.mpich.libraries)
    }

    @Test func aPersonMaySayWhich() throws {
        #expect(try candidates("openmpi") == LibraryFamily.openMPI.libraries)
        #expect(try candidates("/x/libmpi.so") == ["/x/libmpi.so"])
        #expect(throws: MPIError.self) { try candidates("lam") }
    }

    @Test(arguments: [
        ("Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4", "Open MPI 4.1.4"),
        ("MPICH Version:\t4.0.2\nMPICH Release date:\tThu Apr", "MPICH 4.0.2"),
        ("MPICH Version:      5.0.2\n", "MPICH 5.0.2"),
        ("Intel(R) MPI Library 2021.18.1 for Linux* OS\n", "Intel(R) MPI Library 2021.18.1"),
        ("something else\n", "something else"), ("", ""),
    ])
    func titles(_ version: String, _ title: String) { #expect(OpenedLibrary.title(of: version) == title) }

    /// MPICH tells an error as a stack of calls.
    @Test(arguments: [
        ("MPI_ERR_RANK: invalid rank", "MPI_ERR_RANK: invalid rank"),
        (
            "Invalid rank, error stack:\ninternal_Send(120): MPI_Send(count=8) failed\ninternal_Send(78).: Rank is 3",
            "Rank is 3"
        ),
        ("one\ntwo", "one\ntwo"),
    ])
    func reasons(_ text: String, _ expected: String) { #expect(reason(in: text) == expected) }
}
