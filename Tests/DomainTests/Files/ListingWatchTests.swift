#if os(Linux)
    import Foundation
    import Glibc
    import Testing

    @testable import Domain

    /// What the watches of remembered folders tell, and what they do not.
    struct ListingWatchTests {
        @Test("What happens between the watch and the end of reading is not remembered")
        func between() throws {
            let bed = try ListingBed()
            let folder = open(bed.library, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(folder) }
            let watch = try #require(bed.listings.watch(folder))
            try bed.write("library/7.png", size: 70)
            // A folder in which much happens tells of it once.
            #expect(try bed.watches() == 0)
            #expect(bed.listings.keep(ListedEntries(), of: bed.library, bed.policy, since: watch) == nil)
            // Its successor has another number, though the folder is the same.
            let next = try #require(bed.listings.watch(folder))
            #expect(bed.listings.keep(ListedEntries(), of: bed.library, bed.policy, since: watch) == nil)
            #expect(bed.listings.keep(ListedEntries(), of: bed.library, bed.policy, since: next) != nil)
        }

        @Test("Two who read a folder at once share its watch, and neither takes it from the other's listing")
        func twice() throws {
            let bed = try ListingBed()
            let folder = open(bed.library, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(folder) }
            let one = try #require(bed.listings.watch(folder))
            let other = try #require(bed.listings.watch(folder))
            #expect(try bed.watches() == 1)
            let version = bed.listings.keep(ListedEntries(), of: bed.library, bed.policy, since: one)
            bed.listings.abandon(other)
            #expect(bed.listings.find(bed.library, folder, bed.policy)?.version == version && version != nil)
            let third = try #require(bed.listings.watch(folder))
            bed.listings.abandon(third)
            try bed.write("library/7.png", size: 70)
            #expect(bed.listings.find(bed.library, folder, bed.policy) == nil)
            let failed = try #require(bed.listings.watch(folder))
            bed.listings.abandon(failed)
            #expect(try bed.watches() == 0)
        }

        @Test("A folder under two paths has one watch, which speaks for both")
        func paths() throws {
            let bed = try ListingBed()
            try bed.fill("a/pictures")
            let first = try bed.remember("a/pictures")
            try bed.folder.move("a", "b")
            #expect(try bed.check("a/pictures") == nil)
            let second = try bed.remember("b/pictures")
            #expect(try second != first && bed.watches() == 1)
            try bed.write("b/pictures/7.png", size: 70)
            try bed.folder.move("b", "a")
            #expect(try bed.check("a/pictures") != first)
            try bed.folder.move("a", "b")
            #expect(try bed.check("b/pictures") != second)
        }

        @Test("Another folder in the place of one that was remembered is read, however it came there")
        func places() throws {
            let bed = try ListingBed()
            try bed.fill("a/pictures")
            try bed.fill("b/pictures", count: 280)
            let version = try bed.remember("a/pictures")
            // Nothing happens in or to the folder itself.
            try bed.folder.move("a", "c")
            try bed.folder.move("b", "a")
            #expect(try bed.check("a/pictures") != version)
            let folder = open(bed.library, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(folder) }
            let state = RememberedListing.State(folder)
            #expect(state == RememberedListing.State(folder))
            try bed.setDate("library", 1_000_000_000)
            #expect(state != RememberedListing.State(folder))
        }

        @Test("When events are lost, nothing is remembered any more")
        func overflow() throws {
            let bed = try ListingBed()
            try bed.fill("other")
            try bed.folder.makeFolder("busy")
            let limit = try String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
            let most = try #require(Int(limit.trimmingCharacters(in: .whitespacesAndNewlines)))
            _ = try bed.queue.watch(bed.folder.path + "/busy")
            let version = try bed.remember()
            let other = try bed.remember("other")
            let files = try ["x", "y"].map { name in
                open(try bed.write("busy/" + name, size: 0), O_WRONLY | O_CLOEXEC)
            }
            defer { for file in files { close(file) } }
            // In turns, for an event like the one before is not queued again.
            for number in 0...most { #expect(write(files[number % 2], "X", 1) == 1) }
            try bed.write("library/7.png", size: 70)
            #expect(try bed.check() != version)
            #expect(try bed.check("other") != other)
            #expect(try bed.watches() == 3)
            try bed.remember()
        }
    }
#endif
