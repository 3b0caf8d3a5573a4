import Foundation
import Testing

@testable import vitrine

@Suite struct ResourceFolderTests {
    @Test("a folder is found in the working folder first, then beside the executable and above it")
    func found() throws {
        try withTemporaryFolder { root in
            let folder = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
            try write("", to: folder + "/current/.keep")
            try write("", to: folder + "/app/.build/debug/vitrine")
            func find(_ name: String) -> String? {
                ResourceFolder.find(
                    name,
                    workingFolder: folder + "/current",
                    executable: folder + "/app/.build/debug/vitrine"
                )
            }
            #expect(find("seeds-of-test") == nil)
            try write("a file is no folder", to: folder + "/app/.build/seeds-of-test")
            #expect(find("seeds-of-test") == nil)
            try write("", to: folder + "/app/seeds-of-test/.keep")
            #expect(find("seeds-of-test") == folder + "/app/seeds-of-test")
            try write("", to: folder + "/current/seeds-of-test/.keep")
            #expect(find("seeds-of-test") == folder + "/current/seeds-of-test")
        }
    }

    @Test("folders that no source names are looked for, and those that are named are kept")
    func defaults() throws {
        var flags = GivenFlags()
        flags.take("web-dir", "/mine")
        let configuration = try ServerConfiguration(
            flags: flags,
            configurationPath: nil,
            environment: [:],
            findFolder: { "/found/\($0)" }
        )
        #expect(configuration.webFolder == "/mine")
        #expect(configuration.seedsFolder == "/found/seeds")
    }
}
