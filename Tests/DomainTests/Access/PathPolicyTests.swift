import Foundation
import Synchronization
import Testing

@testable import Domain

/// Where a path lies while others make and remove what is on it.
@Suite struct PathPolicyTests {
    private let folder: TemporaryFolder
    private let root: String

    init() throws {
        folder = try TemporaryFolder()
        root = try FolderPath.resolved(try folder.makeFolder("root"))
    }

    private func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    @Test func `a folder that appears between two looks is the folder it is`() throws {
        let path = root + "/a/b/c"
        for appearing in [root + "/a", root + "/a/b", path] {
            try? FileManager.default.removeItem(atPath: root + "/a")
            var looked = 0
            let real = PathPolicy.resolved(path) { _ in
                looked += 1
                if looked == 1 { try? make(appearing) }
            }
            #expect(real == path)
            #expect(looked > 0)
        }
    }

    @Test func `a link that appears between two looks is followed, and one that leads nowhere is no place`() throws {
        let outside = try FolderPath.resolved(try folder.makeFolder("outside"))
        for (target, place) in [(outside, outside + "/b" as String?), (outside + "/nothing", nil), (root + "/a", nil)] {
            try? FileManager.default.removeItem(atPath: root + "/a")
            let real = PathPolicy.resolved(root + "/a/b") { looked in
                // Below it nothing is; at it, there was nothing when it was resolved.
                if looked == root + "/a" {
                    try? FileManager.default.createSymbolicLink(atPath: looked, withDestinationPath: target)
                }
            }
            #expect(real == place)
        }
    }

    @Test func `what comes and goes all the time is given up in the end`() throws {
        var looked = 0
        let real = PathPolicy.resolved(root + "/a") { path in
            looked += 1
            if looked > 1 { try? FileManager.default.removeItem(atPath: path) }
            try? FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: root + "/nothing")
        }
        #expect(real == nil)
        #expect((2...100).contains(looked))
    }
}
