#if os(Linux)
    import Foundation
    import Glibc
    import Testing

    @testable import Domain

    /// A large folder, `library`, and listings of it that are remembered while the test's clock stands still.
    final class ListingBed: Sendable {
        let folder: TemporaryFolder
        /// The large folder's path.
        let library: String
        let queue: Inotify
        let listings: RememberedListings
        private let time: TestTime

        /// `tells` is whether the file system is one whose changes are all told.
        init(limits: ListingMemory.Limits = ListingMemory.Limits(), tells: Bool = true) throws {
            folder = try TemporaryFolder()
            library = folder.path + "/library"
            queue = try #require(Inotify())
            let time = TestTime()
            self.time = time
            listings = RememberedListings(limits: limits, queue: queue, now: { time.now }, tellsAll: { _ in tells })
            try fill("library")
        }

        var policy: PathPolicy { PathPolicy(readable: nil, library: [library]) }

        func advance(_ milliseconds: Milliseconds) { time.advance(milliseconds) }

        /// Makes a folder of `count` files of different sizes and dates, `0.png` and so on.
        func fill(_ name: String, count: Int = 300) throws {
            try folder.makeFolder(name)
            for number in 0..<count { try write("\(name)/\(number).png", size: number) }
        }

        /// Makes a file below the folder of zeros, or changes its size, and gives it a date of its own.
        @discardableResult
        func write(_ name: String, size: Int) throws -> String {
            let path = folder.path + "/" + name
            let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
            defer { close(descriptor) }
            try #require(descriptor >= 0 && ftruncate(descriptor, size) == 0)
            try setDate(name, 1_500_000_000 + size)
            return path
        }

        func setDate(_ name: String, _ seconds: Int) throws {
            let time = timespec(tv_sec: seconds, tv_nsec: 0)
            try #require(utimensat(AT_FDCWD, folder.path + "/" + name, [time, time], 0) == 0)
        }

        /// Lists the large folder, or another below the folder.
        func list(_ name: String = "library") throws -> FileListing {
            try FileListing(folder: folder.path + "/" + name, policy: policy, remembering: listings)
        }

        /// Checks that a folder's listing is what the disk says, and answers its version.
        @discardableResult
        func check(
            _ name: String = "library",
            _ hint: String = "",
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws -> Int? {
            let listing = try list(name)
            let fresh = try FileListing(folder: folder.path + "/" + name, policy: policy)
            let isSame =
                listing.entries.count == fresh.entries.count
                && zip(listing.entries, fresh.entries).allSatisfy { $0.isSame(as: $1) }
            #expect(isSame, "\(name) \(hint)", sourceLocation: sourceLocation)
            return listing.version
        }

        /// Checks that a folder is listed rightly, that nothing is read when it is listed again, and answers the version.
        @discardableResult
        func remember(_ name: String = "library", sourceLocation: SourceLocation = #_sourceLocation) throws -> Int {
            let version = try #require(try check(name), sourceLocation: sourceLocation)
            try #require(try check(name) == version, sourceLocation: sourceLocation)
            return version
        }

        /// How many watches the kernel holds for the listings.
        func watches() throws -> Int {
            let text = try String(contentsOfFile: "/proc/self/fdinfo/\(queue.descriptor)", encoding: .utf8)
            return text.split(separator: "\n").count { $0.hasPrefix("inotify wd:") }
        }
    }
#endif
