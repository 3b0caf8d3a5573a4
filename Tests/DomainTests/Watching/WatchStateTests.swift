import Testing

@testable import Domain

/// What follows from events in any order, without a disk.
struct WatchStateTests {
    private typealias Visit = WatchState.Visit

    /// A state and the folders it is told of: those of a made-up disk.
    private final class Disk {
        var state: WatchState
        /// The folders that are there, by path; each with its watch.
        var folders: [String: Int32] = [:]
        var ended: Set<Int32> = []

        init(_ folders: [String], excluded: Set<String> = [], roots: [String] = ["/r"]) {
            state = WatchState(excluded: excluded)
            for folder in folders { make(folder) }
            state.setRoots(roots, at: 0)
        }

        private var lastWatch: Int32 = 0

        func make(_ path: String) {
            lastWatch += 1
            folders[path] = lastWatch
        }

        /// Renames a folder with all below it, as the file system does: the watches go along.
        func move(_ from: String, _ to: String) {
            for (path, watch) in folders {
                guard let rest = FolderPath.relative(path, to: from) else { continue }
                folders[path] = nil
                folders[rest.isEmpty ? to : to + "/" + rest] = watch
            }
        }

        func remove(_ path: String) { folders = folders.filter { FolderPath.relative($0.key, to: path) == nil } }

        func takeDirty() -> DirtyFolders { state.takeDirty() }

        /// Visits what there is to visit.
        func settle() {
            while true {
                let released = state.takeReleased(limit: 1)
                ended.formUnion(released)
                if !released.isEmpty { continue }
                guard let (visit, path) = state.nextVisit(at: 0) else { return }
                guard let watch = folders[path] else {
                    if visit.parent == nil { state.poll(visit, because: .missing, at: 0) }
                    continue
                }
                ended.remove(watch)
                guard state.watched(visit, as: watch, at: 0) else { continue }
                let below = folders.keys.filter { FolderPath.parent($0) == path }
                state.found(below.compactMap { $0.split(separator: "/").last.map(String.init) }, in: watch)
            }
        }

        func tell(_ kind: WatchEvent.Kind, _ path: String, isFolder: Bool = true) {
            guard let parent = FolderPath.parent(path), let watch = folders[parent] else { return }
            let name = path.split(separator: "/").last.map(String.init)
            state.take(WatchEvent(watch: watch, kind: kind, name: name, isFolder: isFolder), at: 0)
        }

        /// Where all watches are, as the state knows it.
        var known: [String: Int32] {
            var known: [String: Int32] = [:]
            for watch in folders.values.sorted() {
                if let path = state.tree.path(of: watch) { known[path] = watch }
            }
            return known
        }
    }

    @Test("Until all folders are watched everything may have changed, and once more afterwards")
    func beginning() {
        let disk = Disk(["/r", "/r/a", "/r/a/b"])
        #expect(disk.takeDirty() == .unknown)
        #expect(disk.takeDirty() == .unknown)
        #expect(disk.state.settles == nil)
        disk.settle()
        #expect(disk.known == disk.folders)
        #expect(disk.takeDirty() == .unknown)
        #expect(disk.takeDirty() == .nothing)
    }

    @Test("Changes in a folder make this folder dirty, and hidden, excluded and unknown ones none")
    func changes() {
        let disk = Disk(["/r", "/r/a", "/r/.git", "/r/out"], excluded: ["/r/out", "/r/a/file"])
        disk.settle()
        _ = disk.takeDirty()
        #expect(disk.state.tree.count == 2)
        for name in ["/r/.hidden", "/r/out", "/r/a/file"] { disk.tell(.changed, name, isFolder: false) }
        disk.state.take(WatchEvent(watch: 99, kind: .changed, name: "x", isFolder: false), at: 0)
        #expect(disk.state.dirty == .nothing)
        disk.tell(.appeared, "/r/.git/x")
        disk.tell(.appeared, "/r/.new")
        disk.settle()
        #expect(disk.state.dirty == .nothing)
        disk.tell(.changed, "/r/a/picture.png", isFolder: false)
        disk.tell(.changed, "/r/a/picture.png", isFolder: false)
        #expect(disk.takeDirty() == .folders(["/r/a"]))
        // The same name elsewhere is not excluded.
        disk.tell(.changed, "/r/file", isFolder: false)
        #expect(disk.takeDirty() == .folders(["/r"]))
    }

    @Test("Nested folders made at once are all watched, whichever of their events come")
    func nested() {
        let disk = Disk(["/r"])
        disk.settle()
        _ = disk.takeDirty()
        for path in ["/r/a", "/r/a/b", "/r/a/b/c"] { disk.make(path) }
        disk.tell(.appeared, "/r/a")
        disk.settle()
        #expect(disk.takeDirty() == .folders(["/r", "/r/a", "/r/a/b", "/r/a/b/c"]))
        #expect(disk.known == disk.folders)
        // Told again by a watch that was there just in time.
        disk.tell(.appeared, "/r/a/b")
        disk.settle()
        #expect(disk.takeDirty() == .folders(["/r/a"]))
        #expect(disk.known == disk.folders)
    }

    @Test("A moved folder is watched at its new place, with everything below it dirty")
    func moving() {
        let disk = Disk(["/r", "/r/a", "/r/a/b", "/r/c"])
        disk.settle()
        _ = disk.takeDirty()
        disk.tell(.vanished, "/r/a")
        disk.move("/r/a", "/r/c/z")
        disk.tell(.appeared, "/r/c/z")
        disk.settle()
        #expect(disk.known == disk.folders)
        #expect(disk.ended.isEmpty)
        #expect(disk.takeDirty() == .folders(["/r", "/r/c", "/r/c/z", "/r/c/z/b"]))
        disk.tell(.changed, "/r/c/z/b/x", isFolder: false)
        #expect(disk.takeDirty() == .folders(["/r/c/z/b"]))
    }

    @Test("A folder that was found at its new place before its move is told is known there only")
    func foundEarly() {
        let disk = Disk(["/r", "/r/a", "/r/a/b", "/r/c"])
        disk.settle()
        _ = disk.takeDirty()
        disk.move("/r/a", "/r/c/a")
        // Something else has /r/c visited first.
        disk.tell(.appeared, "/r/c/a")
        disk.settle()
        #expect(disk.known == disk.folders)
        // The late news of the old place changes nothing of that.
        disk.tell(.vanished, "/r/a")
        disk.settle()
        #expect(disk.known == disk.folders)
        #expect(disk.ended.isEmpty)
        #expect(disk.takeDirty() == .folders(["/r", "/r/c", "/r/c/a", "/r/c/a/b"]))
    }

    @Test("Late news of a folder that has been replaced does not end the watching of its successor")
    func replaced() {
        let disk = Disk(["/r"])
        disk.settle()
        disk.make("/r/a")
        disk.tell(.appeared, "/r/a")
        disk.remove("/r/a")
        disk.make("/r/a")
        disk.settle()
        disk.tell(.vanished, "/r/a")
        disk.tell(.appeared, "/r/a")
        disk.settle()
        #expect(disk.known == disk.folders)
        #expect(disk.ended.isEmpty)
    }

    @Test("Folders that change places with those below them stay known")
    func inverted() {
        let disk = Disk(["/r", "/r/a", "/r/a/b"])
        disk.settle()
        _ = disk.takeDirty()
        let events = [("/r/a/b", "/r/t"), ("/r/a", "/r/t/a"), ("/r/t", "/r/b")]
        var late: [(WatchEvent.Kind, Int32, String)] = []
        for (from, to) in events {
            for (kind, path) in [(WatchEvent.Kind.vanished, from), (.appeared, to)] {
                if kind == .appeared { disk.move(from, to) }
                let parent = FolderPath.parent(path) ?? ""
                late.append((kind, disk.folders[parent] ?? 0, path.split(separator: "/").last.map(String.init) ?? ""))
            }
        }
        for (kind, watch, name) in late {
            disk.state.take(WatchEvent(watch: watch, kind: kind, name: name, isFolder: true), at: 0)
            disk.settle()
        }
        #expect(disk.known == disk.folders)
        #expect(disk.folders.keys.sorted() == ["/r", "/r/b", "/r/b/a"])
        #expect(disk.ended.isEmpty)
    }

    @Test("A folder that leaves is no longer watched, and its events say nothing")
    func leaving() {
        let disk = Disk(["/r", "/r/a", "/r/a/b"])
        disk.settle()
        _ = disk.takeDirty()
        let watches = ["/r/a", "/r/a/b"].compactMap { disk.folders[$0] }
        disk.tell(.vanished, "/r/a")
        disk.remove("/r/a")
        disk.settle()
        #expect(disk.ended == Set(watches))
        #expect(disk.takeDirty() == .folders(["/r"]))
        disk.state.take(WatchEvent(watch: watches[1], kind: .changed, name: "x", isFolder: false), at: 0)
        #expect(disk.state.dirty == .nothing)
    }

    @Test("Lost events make everything unknown until all folders are watched anew")
    func overflow() {
        let disk = Disk(["/r", "/r/a"])
        disk.settle()
        _ = disk.takeDirty()
        disk.state.take(WatchEvent(watch: -1, kind: .overflow, name: nil, isFolder: false), at: 0)
        #expect(disk.state.mustRestart)
        #expect(disk.takeDirty() == .unknown)
        disk.make("/r/b")
        disk.remove("/r/a")
        disk.state.restart(at: 0)
        #expect(disk.takeDirty() == .unknown)
        disk.settle()
        #expect(disk.takeDirty() == .unknown)
        #expect(disk.takeDirty() == .nothing)
        #expect(disk.known == disk.folders)
    }

    @Test("A root that goes is polled for, and watched again when it is back")
    func rootGone() throws {
        let disk = Disk(["/r", "/r/a"])
        disk.settle()
        _ = disk.takeDirty()
        let root = try #require(disk.folders["/r"])
        disk.remove("/r")
        disk.state.take(WatchEvent(watch: root, kind: .moved, name: nil, isFolder: true), at: 0)
        disk.settle()
        #expect(disk.state.polled.values.map { $0 } == [.missing])
        #expect(disk.takeDirty() == .folders(["/r"]))
        disk.state.retry([.missing])
        disk.settle()
        #expect(disk.takeDirty() == .nothing)
        disk.make("/r")
        disk.make("/r/b")
        disk.state.retry([.missing])
        disk.settle()
        #expect(disk.state.polled.isEmpty)
        #expect(disk.takeDirty() == .folders(["/r", "/r/b"]))
    }

    @Test("What cannot be watched is polled until it can, and goes with the folder above it")
    func refused() throws {
        let disk = Disk(["/r", "/r/a"])
        disk.settle()
        _ = disk.takeDirty()
        let parent = try #require(disk.folders["/r/a"])
        disk.state.poll(Visit(parent: parent, name: "b"), because: .refused, at: 0)
        disk.state.poll(Visit(parent: parent, name: "b"), because: .refused, at: 0)
        #expect(disk.state.polled.count == 1)
        #expect(disk.takeDirty() == .folders(["/r/a/b"]))
        disk.make("/r/a/b")
        disk.state.retry([.refused])
        disk.settle()
        #expect(disk.state.polled.isEmpty)
        #expect(disk.known == disk.folders)
        disk.state.poll(Visit(parent: parent, name: "c"), because: .remote, at: 0)
        disk.tell(.vanished, "/r/a")
        #expect(disk.state.polled.isEmpty)
    }

    @Test("Another set of roots is watched, and what changed outside of it forgotten")
    func otherRoots() {
        let disk = Disk(["/r", "/r/a", "/s", "/s/b"])
        disk.settle()
        _ = disk.takeDirty()
        disk.tell(.changed, "/r/a/x", isFolder: false)
        disk.state.setRoots(["/s"], at: 0)
        disk.settle()
        #expect(disk.ended.count == 2)
        #expect(disk.takeDirty() == .folders(["/s", "/s/b"]))
        disk.state.setRoots(["/s"], at: 0)
        disk.settle()
        #expect(disk.takeDirty() == .nothing)
    }

    @Test("Files that were open for writing are told by name, once; those that only got other properties are not")
    func written() {
        let disk = Disk(["/r", "/r/a"])
        disk.settle()
        _ = disk.takeDirty()
        disk.tell(.changed, "/r/properties.png", isFolder: false)
        for name in ["/r/x.png", "/r/a/y.png", "/r/a/y.png", "/r/.hidden"] {
            disk.tell(.written, name, isFolder: false)
        }
        #expect(disk.takeDirty() == .folders(["/r", "/r/a"]))
        #expect(disk.state.takeWritten() == ["/r/x.png", "/r/a/y.png"])
        #expect(disk.state.takeWritten() == [])
        for number in 0...WrittenFiles.limit { disk.tell(.written, "/r/\(number)", isFolder: false) }
        #expect(disk.state.takeWritten().count == WrittenFiles.limit)
    }
}
