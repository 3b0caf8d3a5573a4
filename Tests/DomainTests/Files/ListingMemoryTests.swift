#if os(Linux)
    import Glibc
    import Logging
    import Testing

    @testable import Domain

    /// Which listings are remembered at all, and how many.
    struct ListingMemoryTests {
        @Test("Of several folders those that were listed lately are remembered, and only they are watched")
        func folders() throws {
            let bed = try ListingBed(limits: ListingMemory.Limits(folders: 2))
            for name in ["a", "b", "c"] { try bed.fill(name) }
            let a = try bed.remember("a")
            let b = try bed.remember("b")
            #expect(try bed.list("a").version == a)
            try bed.remember("c")
            #expect(try bed.list("a").version == a && bed.watches() == 2)
            #expect(try bed.check("b") != b)
            #expect(try bed.check("a") == a && bed.watches() == 2)
        }

        @Test("All of them together have no more entries than is allowed")
        func entries() throws {
            let bed = try ListingBed(limits: ListingMemory.Limits(entries: 700))
            for name in ["a", "b", "c"] { try bed.fill(name) }
            try bed.fill("large", count: 701)
            let b = (try bed.remember("a"), try bed.remember("b")).1
            let c = try bed.remember("c")
            #expect(try bed.watches() == 2)
            #expect(try bed.check("large") == nil && bed.watches() == 2)
            #expect(try bed.list("b").version == b && bed.list("c").version == c)
            // Grown past what is left, it takes the place of another.
            for number in 300..<500 { try bed.write("b/\(number).png", size: 1) }
            try bed.remember("b")
            #expect(try bed.watches() == 1)
        }

        @Test("What is too old to be answered is not kept, nor is its watch")
        func age() throws {
            let bed = try ListingBed()
            try bed.fill("other")
            try bed.remember("other")
            try bed.remember()
            bed.advance(2_000)
            try bed.remember()
            #expect(try bed.watches() == 1)
        }

        @Test("A small folder is not remembered, nor one with many links, nor one whose changes are not all told")
        func unfit() throws {
            let bed = try ListingBed()
            try bed.fill("small", count: 255)
            #expect(try bed.check("small") == nil)
            try bed.fill("links", count: 258)
            for number in 0..<85 { try bed.folder.link("links/\(number)", to: bed.library) }
            // It is no entry, but is looked at too.
            try bed.folder.link("links/nothing", to: bed.folder.path + "/nothing")
            try bed.remember("links")
            try bed.folder.link("links/85", to: bed.library)
            #expect(try bed.check("links") == nil)
            #expect(try bed.watches() == 0)
            let deaf = try ListingBed(tells: false)
            #expect(try deaf.check() == nil && deaf.watches() == 0)
        }

        @Test("A watch that has told of something is ended, and what rested on it is forgotten for good")
        func ended() throws {
            let folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(folder) }
            let state = try #require(RememberedListing.State(folder))
            let policy = PathPolicy(readable: nil, library: [])
            var memory = ListingMemory(limits: ListingMemory.Limits())
            func listing(_ path: String, _ watch: Int32, _ version: Int) -> RememberedListing {
                RememberedListing(
                    folder: path,
                    state: state,
                    policy: policy,
                    entries: ListedEntries(),
                    version: version,
                    watch: watch,
                    start: 0
                )
            }
            func version(_ path: String) -> Int? { memory.find(path, in: state, policy, at: 0)?.version }
            func keep(_ listing: RememberedListing) -> Bool { memory.keep(listing) }
            for watch: Int32 in [1, 2] { memory.begin(watch) }
            let (one, other) = (listing("/one", 1, 1), listing("/other", 2, 3))
            #expect(keep(one) && keep(listing("/bound", 1, 2)) && keep(other))
            memory.take(WatchEvent(watch: 1, kind: .changed, name: "a", isFolder: false))
            var released = memory.takeReleased()
            #expect(released == [1])
            // Who looked again at what was loose comes too late.
            memory.replace(one, by: listing("/one", 1, 4))
            #expect(version("/one") == nil && version("/bound") == nil && !keep(one))
            #expect(version("/other") == 3)
            memory.replace(other, by: listing("/other", 2, 5))
            memory.replace(other, by: listing("/other", 2, 6))
            #expect(version("/other") == 5)
            memory.take(WatchEvent(watch: -1, kind: .overflow, name: nil, isFolder: false))
            released = memory.takeReleased()
            #expect(released == [2] && version("/other") == nil)
        }

        @Test("Operations remember listings only when they are told to")
        func operations() async throws {
            let bed = try ListingBed()
            let test = try TestLibrary()
            let logger = Logger(label: "test")
            let deaf = FileOperations(library: test.library, logger: logger)
            #expect(try await deaf.list(bed.library, policy: bed.policy).version == nil)
            let files = FileOperations(library: test.library, listings: bed.listings, logger: logger)
            let version = try await files.list(bed.library, policy: bed.policy).version
            #expect(try await files.list(bed.library, policy: bed.policy).version == version && version != nil)
        }

        @Test("Of a file system that is not of this machine's disks, nobody knows whether all changes are told")
        func systems() throws {
            let folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(folder) }
            #expect(!FileSystemKind.tellsAll(folder) && !FileSystemKind.tellsAll(-1))
            let memory = open("/dev/shm", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(memory) }
            // tmpfs on every usual machine.
            if memory >= 0 { #expect(FileSystemKind.tellsAll(memory)) }
        }
    }
#endif
