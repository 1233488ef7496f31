// swift-tools-version: 6.2
import PackageDescription

/// Warnings are errors in our own targets; dependencies are left alone.
let swift: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let c: [CSetting] = [.treatAllWarnings(as: .error)]

let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let containers = Target.Dependency.product(name: "BasicContainers", package: "swift-collections")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let http = [
    Target.Dependency.product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "HummingbirdTLS", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"), logging,
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
]
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

func library(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swift)
}

func tests(of name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        swiftSettings: swift)
}

let package = Package(
    name: "stagecoach",
    products: [.executable(name: "stagecoach", targets: ["stagecoach"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // Without traits it needs FoundationEssentials only, and the program stays small. HTTPChannel changes handlers of
        // its pipelines, which a minor version may change too.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", .upToNextMinor(from: "2.28.1"), traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    // A target uses only targets above it.
    targets: [
        // Its module map stands beside its sources, and dlopen in a library of its own before glibc 2.34.
        .target(name: "CMPI", publicHeadersPath: ".", cSettings: c, linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CKernels", cSettings: c),
        library("Platform", uses: [deque, system]),
        library("Figures"),
        library("ReportSchemas"),
        library("MPI", uses: ["CMPI", "Platform"]),
        library("Elementary"),
        library("OrderedJSON"),
        library("Tensors"),
        library("Microbatches"),
        library("Scheduling", uses: ["Microbatches", deque]),
        library("Kernels", uses: ["CKernels", "Tensors"]),
        library("Tokenization", uses: [heap]),
        library("Jinja"),
        library("ChatTemplates", uses: ["Jinja", "OrderedJSON", "Tokenization"]),
        library("Sampling", uses: ["Elementary", "Tokenization"]),
        library(
            "ModelFiles", uses: ["Elementary", "Figures", "OrderedJSON", "Platform", "Tensors", "Tokenization", system]),
        library("Planning", uses: ["Figures", "Microbatches", "ModelFiles", "Scheduling", "Tensors"]),
        library("Transformer", uses: ["Elementary", "Kernels", "Microbatches", "ModelFiles"]),
        library(
            "Requests",
            uses: [
                "ChatTemplates", "ModelFiles", "OrderedJSON", "Platform", "ReportSchemas", "Sampling", "Tokenization",
            ]),
        library("BatchJobs", uses: ["Platform", "ReportSchemas", "Requests", system]),
        library("Ring", uses: ["MPI", "Microbatches", "Platform", "Tensors", "Transformer", deque]),
        library("Clusters", uses: ["MPI", "Platform", "Ring", "Tensors", deque, system]),
        library("Probes", uses: ["Clusters", "Kernels", "MPI", "Planning", "Platform", "Tensors"]),
        library("Traces", uses: ["Clusters", "MPI", "Platform", "Ring"]),
        library("EmulatedRing", uses: ["Clusters", "Planning", "Platform", "Ring", "Transformer"]),
        library(
            "Engine",
            uses: [
                "ChatTemplates", "Clusters", "EmulatedRing", "Figures", "Platform", "Probes", "Requests", "Ring",
                "Sampling", "Scheduling", "Traces", system,
            ]),
        library("Launching", uses: ["Platform", system]),
        library("Reports", uses: ["Figures"]),
        library("Sweeps", uses: ["Figures", "Launching", "Platform", "ReportSchemas", "Reports", system]),
        .target(
            name: "Server", dependencies: ["Figures", "Platform", "ReportSchemas", "Requests", deque, system] + http,
            // In the program itself, which stays one file.
            resources: [
                .embedInCode("Page/page.html"), .embedInCode("Page/page.css"), .embedInCode("Page/settings.js"),
                .embedInCode("Page/conversation.js"), .embedInCode("Page/cluster.js"),
            ], swiftSettings: swift),
        library(
            "Program",
            uses: [
                "BatchJobs", "Engine", "Figures", "Launching", "OrderedJSON", "Platform", "ReportSchemas", "Requests",
                "Server", "Sweeps", argumentParser, logging, system,
            ]),
        .executableTarget(
            name: "stagecoach", dependencies: ["Program"], swiftSettings: swift,
            // Another machine needs one file and an MPI, no Swift.
            linkerSettings: [
                .unsafeFlags([
                    "-static-stdlib", "-lFoundationEssentials", "-l_FoundationCShims", "-l_FoundationCollections",
                    "-lswiftSynchronization",
                ])
            ]),
        .target(
            name: "TestSupport", dependencies: ["Platform", subprocess], path: "Tests/Support", swiftSettings: swift),
        .executableTarget(
            name: "mpi-cases", dependencies: ["MPI", containers], path: "Tests/MPICases", swiftSettings: swift),
        .executableTarget(
            name: "load-client", dependencies: ["Figures", "Platform", "TestSupport"], path: "Tests/LoadClient",
            swiftSettings: swift),
        // It reads the packed layout, which only kernels know.
        .executableTarget(
            name: "check-kernels", dependencies: ["CKernels"], path: "Tests/CheckKernels",
            cSettings: c + [.headerSearchPath("../../Sources/CKernels")], linkerSettings: [.linkedLibrary("m")]),
        .target(name: "MallocCount", path: "Tests/MallocCount", cSettings: c),
        .executableTarget(
            name: "allocation-cases", dependencies: ["Engine", "MallocCount", "Sampling", "Transformer"],
            path: "Tests/AllocationCases", swiftSettings: swift),
        tests(of: "Platform", uses: [system]),
        tests(of: "Figures"),
        tests(of: "ReportSchemas"),
        tests(of: "MPI", uses: ["mpi-cases"]),
        tests(of: "Elementary"),
        tests(of: "OrderedJSON"),
        tests(of: "Tensors"),
        tests(of: "Kernels", uses: ["check-kernels"]),
        tests(of: "Tokenization", uses: ["ModelFiles"]),
        tests(of: "Jinja", uses: ["ChatTemplates", "OrderedJSON"]),
        tests(of: "ChatTemplates", uses: ["ModelFiles", "OrderedJSON"]),
        tests(of: "Sampling"),
        tests(of: "ModelFiles", uses: ["Figures"]),
        tests(of: "Scheduling"),
        tests(of: "Planning"),
        tests(of: "Transformer", uses: ["allocation-cases"]),
        tests(of: "Requests"),
        tests(of: "BatchJobs", uses: [system]),
        tests(of: "Ring"),
        tests(of: "Clusters"),
        tests(of: "Traces"),
        tests(of: "EmulatedRing"),
        tests(of: "Engine", uses: [system]),
        tests(of: "Launching"),
        tests(of: "Reports"),
        tests(of: "Sweeps", uses: ["Figures", "Launching", "ReportSchemas", "Reports"]),
        tests(of: "Server", uses: ["Platform"]),
        tests(
            of: "Program",
            uses: [
                "Engine", "Figures", "ModelFiles", "Planning", "ReportSchemas", "Requests", "Sampling", argumentParser,
            ]),
        .testTarget(
            name: "CommandTests", dependencies: ["TestSupport", "ModelFiles", "ReportSchemas", "Sweeps"],
            swiftSettings: swift),
        .testTarget(name: "ScriptTests", dependencies: ["TestSupport"], swiftSettings: swift),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
