import Foundation
import TestSupport
import Testing

@testable import Kernels

/// Every kernel of every instruction set, called as C has it: `check-kernels` compares it with the portable one to the bit
/// and looks at the memory around all that it writes.
///
/// With `STAGECOACH_KERNEL_RATES=1` the rates of the kernels are printed, too.
@Suite("Bounds of kernels")
struct KernelBoundsTests {
    static let rates = ProcessInfo.processInfo.environment["STAGECOACH_KERNEL_RATES"]

    @Test("Kernels give the portable bits and write nothing else", arguments: InstructionSet.available)
    func bounds(_ set: InstructionSet) async throws {
        let result = try await Launcher.run(
            Launcher.product("check-kernels"), [set.rawValue], environment: ["STAGECOACH_KERNEL_RATES": Self.rates])
        #expect(result.succeeded, "\(result)")
        #expect(result.output.contains(" passed, 0 failed"))
        if Self.rates != nil { print(result.output) }
    }

    @Test("An instruction set that is not there is refused")
    func missing() async throws {
        let result = try await Launcher.run(Launcher.product("check-kernels"), ["sse9"])
        #expect(!result.succeeded && result.output.contains("no instruction set \"sse9\""))
    }
}
