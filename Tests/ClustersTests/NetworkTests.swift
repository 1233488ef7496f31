import Testing

@testable import Clusters

@Suite("Networks that lead nowhere")
struct NetworkTests {
    private static let machine = NetworkInterface.interfaces(
        of: [
            "docker0 172.17.0.1", "enp0s3 10.0.2.15", "eth0 10.77.0.2 1000", "eth0 fd00::2 1000",
            "virbr0 192.168.122.1",
        ])
    private static let launcher = MPINetworks.addresses(
        inURI: "1201537024.0;tcp://10.77.0.1,10.0.2.15,172.17.0.1:58177;tcp6://[fd00::1]:35727")

    private static func unusable(
        _ interfaces: [NetworkInterface] = machine, isLauncher: Bool = false,
        bridges: Set<String> = ["docker0", "virbr0"]
    ) -> [String] {
        MPINetworks.unusable(of: interfaces, launcher: launcher, isLauncher: isLauncher, isInner: bridges.contains)
    }

    @Test("Lines of one interface are one")
    func interfaces() {
        #expect(Self.machine.map(\.name) == ["docker0", "enp0s3", "eth0", "virbr0"])
        #expect(Self.machine[2].description == "eth0 10.77.0.2 fd00::2")
    }

    @Test("The launching machine's addresses are read from its name")
    func addresses() {
        #expect(Self.launcher == ["10.77.0.1", "10.0.2.15", "172.17.0.1", "fd00::1"])
        #expect(MPINetworks.addresses(inURI: nil).isEmpty)
        for odd in ["", ";", "1;tcp", "1;:/", "1;tcp://", "x;y;z:/:"] {
            #expect(MPINetworks.addresses(inURI: odd).isSubset(of: [""]), "\(odd)")
        }
    }

    @Test("Bridges to this machine alone, and addresses that the launching machine has too, are left out")
    func leftOut() {
        #expect(Self.unusable() == ["docker0", "enp0s3", "virbr0"])
        // There its own addresses are its own; others leave out theirs.
        #expect(Self.unusable(isLauncher: true) == ["docker0", "virbr0"])
        #expect(Self.unusable(isLauncher: true, bridges: []) == [])
    }

    @Test("One of two addresses that is its own makes an interface usable")
    func oneOwnAddress() {
        let interface = NetworkInterface(name: "eth1", addresses: ["10.0.2.15", "10.9.0.7"])
        #expect(Self.unusable([interface], bridges: []) == [])
    }

    @Test("What is the only way stays")
    func onlyWay() {
        #expect(Self.unusable([NetworkInterface(name: "virbr0", addresses: ["192.168.122.7"])]) == [])
    }

    @Test("A file of Open MPI's parameters may say what to take")
    func parameterFiles() {
        #expect(MPINetworks.choosesInterfaces("# x\n  btl_tcp_if_include = eth0\n"))
        #expect(MPINetworks.choosesInterfaces("btl_tcp_if_exclude=lo"))
        #expect(!MPINetworks.choosesInterfaces("# btl_tcp_if_include = eth0\nbtl = tcp,self\n"))
    }
}
