import Testing

@testable import Launching

/// Launchers of several families: how they are told, and what each is told.
@Suite struct LauncherFamilyTests {
    private func words(
        _ family: LauncherFamily, _ hosts: String? = nil, environment: [String: String] = [:],
        _ change: (inout LaunchOptions) -> Void = { _ in }
    ) throws -> String {
        var options = LaunchOptions(arguments: ["bench"])
        change(&options)
        let machine = LocalMachine(names: ["here"], isRoot: true, environment: environment, program: "/p")
        let launcher = LocalLauncher(family, command: "mpiexec")
        return try LaunchLine(
            options, try hosts.map { try Hostfile($0, path: "/h") }, by: launcher, from: machine
        ).words.shellLine
    }

    @Test(arguments: [
        ("/x/mpirun", ["/x/orterun"], LauncherFamily.openMPI4), ("/x/mpirun", ["/x/prterun"], .openMPI5),
        ("/x/mpirun.openmpi", ["/x/hydra_pmi_proxy"], .openMPI4), ("/x/orterun", ["/x/prterun"], .openMPI4),
        ("/x/mpiexec.hydra", ["/x/orterun", "/x/hydra_pmi_proxy"], .hydra),
        ("/x/mpiexec", ["/x/hydra_pmi_proxy"], .hydra),
        ("/x/mpirun", ["/x/hydra_pmi_proxy", "/x/hydra_bstrap_proxy"], .intelMPI), ("/x/mpirun", [], .openMPI4),
    ])
    func whatComesWithALauncherTellsIt(_ path: String, _ files: [String], _ family: LauncherFamily) {
        #expect(LauncherFamily(ofProgramAt: path, exists: files.contains) == family)
    }

    @Test func hydraOnThisMachine() throws {
        #expect(try words(.hydra, "localhost slots=3\n") == "mpiexec -n 3 -bind-to none /p bench")
        #expect(try words(.hydra) == "mpiexec -n 2 -bind-to none /p bench")
        #expect(try words(.intelMPI) == "mpiexec -n 2 -genv I_MPI_PIN 0 /p bench")
    }

    /// The variables reach the ranks by themselves.
    @Test func hydraOnSeveral() throws {
        let line = try words(
            .hydra, "a slots=2\nb\n", environment: ["STAGECOACH_SSH": "/agent", "STAGECOACH_ISA": "avx2"]
        ) {
            $0.ranks = 4
            $0.interface = "eth0"
        }
        #expect(
            line.hasPrefix(
                "mpiexec -n 4 -hosts a:2,b:1 -bind-to none -iface eth0 -genv UCX_NET_DEVICES eth0 -genv FI_TCP_IFACE eth0 "
                    + "-launcher rsh -launcher-exec /agent /"))
        #expect(try words(.hydra, "a slots=2\nb\n") { $0.placement = .nodes }.contains(" -n 2 -hosts a:1,b:1 "))
        let sockets = try words(.hydra, "a slots=2\n") {
            $0.placement = .sockets
            $0.ranks = 2
        }
        #expect(sockets.contains(" -bind-to socket -map-by socket "))
    }

    @Test func whatHydraCannotIsRefused() throws {
        for change: (inout LaunchOptions) -> Void in [
            { $0.interface = "10.0.0.0/24" }, { $0.placement = .sockets },
        ] {
            let error = #expect(throws: LaunchError.self) { try words(.hydra, nil, change) }
            #expect(error?.status == 64)
        }
        let ports = try LaunchRequest(["--ports", "35000-35099", "--", "x"], hostfile: nil).options.ports
        #expect(throws: LaunchError.self) { try words(.intelMPI) { $0.ports = ports } }
    }

    @Test func openMPI5() throws {
        let line = try words(.openMPI5, "a slots=2\nb.lab\n", environment: ["STAGECOACH_ISA": "avx2"]) { $0.ranks = 3 }
        #expect(
            line.hasPrefix(
                "mpiexec --allow-run-as-root -np 3 --host a:2,b.lab:1 --map-by slot:OVERSUBSCRIBE --bind-to "))
        #expect(line.contains(" --prtemca prte_keep_fqdn_hostnames 1 ") && line.contains(" -x STAGECOACH_ISA=avx2 "))
        #expect(!line.contains("oob_tcp") && !line.contains(" -q "))
    }

    @Test func aNameIsALauncherAndADashBeginsFlags() throws {
        let request = try LaunchRequest(["--mpi", "mpich", "--mpi", "-iface eth1", "--", "x"], hostfile: nil)
        #expect(request.options.launcher == "mpich" && request.options.mpiFlags == ["-iface", "eth1"])
    }

    @Test func aLauncherThatIsNotHereIsNamed() {
        let machine = LocalMachine(names: [], isRoot: false, environment: ["PATH": "/nowhere"], program: "/p")
        let error = #expect(throws: LaunchError.self) { try LocalLauncher.find("mpich", on: machine) }
        #expect(error?.description == "there is no launcher of mpich here: run scripts/setup --mpi mpich")
        #expect(throws: Never.self) { try LocalLauncher.find(nil, on: machine) }
    }

    /// The rank's shell has said who was killed.
    @Test func hydraTakesOverTheSignalOfARank() {
        let said = LauncherSaid(reasons: ["[mpiexec@vm] unable to start"])
        #expect(LauncherFamily.hydra.meaning(of: .exited(9), LauncherSaid()) == .exited(70))
        #expect(LauncherFamily.intelMPI.meaning(of: .exited(255), LauncherSaid()) == .exited(70))
        #expect(LauncherFamily.intelMPI.meaning(of: .exited(255), said) == .exited(255))
        #expect(LauncherFamily.hydra.meaning(of: .exited(65), LauncherSaid()) == .exited(65))
        #expect(LauncherFamily.openMPI4.meaning(of: .exited(9), LauncherSaid()) == .exited(9))
    }

    @Test func hydraSpeaksWithItsNameBeforeEachLine() {
        #expect(HydraSpeech.isOwn(Array("[mpiexec@vm] HYDU_create_process".utf8)) == true)
        #expect(HydraSpeech.isOwn(Array("[mpi".utf8)) == nil && HydraSpeech.isOwn(Array("[rank".utf8)) == false)
        let remarks = ["[mpiexec@vm] main (x.c:1): launcher failed", "[proxy:0:0@vm] execvp error: No such file"]
        #expect(HydraSpeech.said(remarks).reasons == [remarks[1]])
        #expect(HydraSpeech.said([remarks[0]]).reasons == [remarks[0]])
    }
}
