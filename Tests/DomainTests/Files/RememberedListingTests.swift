#if os(Linux)
    import Foundation
    import Glibc
    import Testing

    @testable import Domain

    /// What is remembered of folders, and what makes it forgotten.
    struct RememberedListingTests {
        /// Something that happens in or to the folder `library`.
        enum Change: String, CaseIterable {
            case made, madeFolder, madeLink, removed, movedIn, movedOut, renamed, replaced
            case written, writtenWhileOpen, cut, touched, permissions
            case folderPermissions, folderReplaced, folderMadeAnew
        }

        private func apply(_ change: Change, _ bed: ListingBed, _ open: Int32) throws {
            let path = bed.library + "/7.png"
            let elsewhere = bed.folder.path + "/elsewhere"
            switch change {
            case .made: try bed.write("library/new.png", size: 5)
            case .madeFolder: #expect(mkdir(bed.library + "/new", 0o755) == 0)
            case .madeLink: #expect(symlink(elsewhere, bed.library + "/new") == 0)
            case .removed: #expect(unlink(path) == 0)
            case .movedIn: #expect(rename(elsewhere + "/a.png", bed.library + "/new.png") == 0)
            case .movedOut: #expect(rename(path, elsewhere + "/b.png") == 0)
            case .renamed: #expect(rename(path, bed.library + "/new.png") == 0)
            case .replaced: #expect(rename(elsewhere + "/a.png", path) == 0)
            case .written: try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
            case .writtenWhileOpen: #expect(pwrite(open, "X", 1, 1_000) == 1)
            case .cut: #expect(truncate(path, 2) == 0)
            case .touched: try bed.setDate("library/7.png", 1_000_000_000)
            case .permissions: #expect(chmod(path, 0o600) == 0)
            case .folderPermissions: #expect(chmod(bed.library, 0o700) == 0)
            case .folderReplaced:
                #expect(rename(bed.library, elsewhere + "/old") == 0)
                #expect(rename(bed.folder.path + "/other", bed.library) == 0)
            case .folderMadeAnew:
                try bed.folder.remove("library")
                try bed.fill("library", count: 290)
            }
        }

        @Test("Whatever happens in a folder or to it, its next listing says so", arguments: Change.allCases)
        func changes(_ change: Change) throws {
            let bed = try ListingBed()
            try bed.folder.makeFolder("elsewhere")
            try bed.write("elsewhere/a.png", size: 77)
            try bed.fill("other", count: 280)
            // Opened before the folder is watched.
            let descriptor = open(bed.library + "/7.png", O_WRONLY | O_CLOEXEC)
            defer { close(descriptor) }
            let version = try bed.remember()
            try apply(change, bed, descriptor)
            #expect(try bed.check() != version)
            // And once more, as it is now.
            let next = try bed.remember()
            try apply(.made, bed, descriptor)
            #expect(try bed.check() != next)
        }

        @Test("Folders, links and files of several names are looked at each time, and keep their places")
        func loose() throws {
            let bed = try ListingBed()
            try bed.folder.makeFolder("library/sub")
            try bed.setDate("library/sub", 1_400_000_000)
            let target = try bed.write("target.png", size: 10)
            try bed.folder.link("library/link.png", to: target)
            let other = try bed.write("other.png", size: 20)
            #expect(link(other, bed.library + "/linked.png") == 0)
            var version = try bed.remember()
            func changed(sourceLocation: SourceLocation = #_sourceLocation) throws {
                let new = try bed.remember(sourceLocation: sourceLocation)
                #expect(new != version, sourceLocation: sourceLocation)
                version = new
            }
            try bed.write("library/sub/a.png", size: 1)
            try changed()
            #expect(truncate(target, 11) == 0)
            try changed()
            #expect(truncate(other, 21) == 0)
            try changed()
            #expect(rename(target, target + ".away") == 0)
            try changed()
            #expect(try !bed.list().entries.contains { $0.name == "link.png" })
            try bed.write("target.png", size: 12)
            try changed()
            #expect(try bed.watches() == 1)
        }

        @Test("While nothing is told no file is looked at, and after two seconds all are")
        func age() throws {
            let bed = try ListingBed()
            let version = try bed.remember()
            // No event tells of what is written through a name in another folder.
            let other = bed.folder.path + "/other.png"
            #expect(link(bed.library + "/7.png", other) == 0 && truncate(other, 1_000) == 0)
            bed.advance(1_999)
            let listing = try bed.list()
            #expect(listing.version == version && listing.entries.first { $0.name == "7.png" }?.size == 7)
            bed.advance(1)
            #expect(try bed.check() != version)
        }

        @Test("Those who may see other things are told of other things")
        func policies() throws {
            let bed = try ListingBed()
            try bed.remember()
            func list(_ policy: PathPolicy) throws -> [FileInfo] {
                try FileListing(folder: bed.library, policy: policy, remembering: bed.listings).entries
            }
            let outside = try list(PathPolicy(readable: nil, library: []))
            #expect(outside.count == 300 && outside.allSatisfy { !$0.isInLibrary })
            #expect(try list(PathPolicy(readable: [bed.library + "/7.png"], library: [])).map(\.name) == ["7.png"])
            #expect(throws: FileError.forbidden(bed.library)) {
                try list(PathPolicy(readable: [bed.folder.path + "/none"], library: []))
            }
            try bed.remember()
        }

        @Test("Policies are the same when their folders are, byte by byte")
        func samePolicies() throws {
            let folder = try TemporaryFolder()
            let composed = try folder.makeFolder("\u{E9}")
            let decomposed = try folder.makeFolder("e\u{301}")
            func policy(_ readable: [String]?, _ library: [String]) -> PathPolicy {
                PathPolicy(readable: readable, library: library)
            }
            #expect(policy(nil, [composed]) == policy(nil, [composed]))
            #expect(policy(nil, [composed]) != policy(nil, [decomposed]))
            #expect(policy([composed], []) == policy([composed], []))
            #expect(policy([composed], []) != policy([decomposed], []))
            #expect(policy(nil, []) != policy([], []) && policy([], []) == policy([], []))
        }
    }
#endif
