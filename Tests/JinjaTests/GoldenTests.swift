import Foundation
import Testing

@testable import Jinja

@Suite struct GoldenTests {
    @Test(arguments: ["chosen", "random"])
    func templatesRenderAsInPython(name: String) throws {
        let goldens = try Goldens(name)
        #expect(goldens.cases.count > 100)
        for one in goldens.cases {
            // By bytes: equal Strings need not have equal ones.
            let text = try? Template(one.template).text(goldens.variables)
            #expect(text.map { Array($0.utf8) } == one.rendered.map { Array($0.utf8) }, "\(one.template)")
        }
    }

    /// Any folder of random templates: differences are listed.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["STAGECOACH_JINJA_GOLDENS"] != nil))
    func otherTemplatesRenderAsInPython() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["STAGECOACH_JINJA_GOLDENS"])
        let goldens = try Goldens("random", in: folder)
        for one in goldens.cases {
            let text = try? Template(one.template).text(goldens.variables)
            #expect(text == one.rendered, "\(one.template)")
        }
    }
}
