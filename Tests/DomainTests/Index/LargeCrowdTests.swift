import Foundation
import Testing

@testable import Domain

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Trees of names of the same files, as programs that keep snapshots make them.
struct LargeCrowdTests {
    @Test("Twelve thousand names of one file are taken in, into a library that knows others", .timeLimit(.minutes(5)))
    func manyNames() throws {
        let index = try IndexUnderTest()
        try index.write(TestPicture.described(1, ""), "first.png")
        try index.scan()
        let source = index.folder.path + "/other.png"
        try index.folder.write(TestPicture.described(2, ""), "other.png")
        for folder in 0..<400 {
            try index.folder.makeFolder("root/\(folder)")
            for number in 0..<30 {
                #expect(link(source, index.root + "/\(folder)/\(number).png") == 0)
            }
        }
        var found = 0
        let time = try ContinuousClock().measure { found = try index.scan().files }
        #expect(found == 12_001)
        // Each name looking at all others takes minutes.
        #expect(time < .seconds(60))
        #expect(try index.problems() == [])
    }
}
