import Foundation
import Synchronization
import Testing

@testable import Domain

@Suite struct PathAccessTests {
    private let folder: TemporaryFolder
    private let library: Library

    init() throws {
        folder = try TemporaryFolder()
        for name in ["one", "two", "three"] {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name,
                withIntermediateDirectories: true
            )
        }
        let store = try Store(path: folder.path + "/vitrine.db")
        library = Library(store: store, journal: Journal(epoch: "e"))
        try library.addRoot(folder.path + "/one")
    }

    private func access(_ rule: PathAccess.Rule, clock: WallClock = .system) -> PathAccess {
        PathAccess(library: library, threads: BlockingThreads(count: 1), rule: rule, clock: clock)
    }

    @Test func `each rule lets read what it says, and only the library be changed`() async throws {
        let (one, two) = (folder.path + "/one/a.png", folder.path + "/two/a.png")
        let open = try await access(.everything).policy()
        #expect(open.mayRead(one) && open.mayRead(two) && open.mayChange(one) && !open.mayChange(two))
        let closed = try await access(.library).policy()
        #expect(closed.mayRead(one) && !closed.mayRead(two) && closed.mayChange(one))
        let named = try await access(.folders([folder.path + "/two"])).policy()
        #expect(!named.mayRead(one) && named.mayRead(two) && !named.mayChange(one) && !named.mayChange(two))
        #expect(!access(.everything).isRestricted && access(.library).isRestricted && access(.folders([])).isRestricted)
    }

    @Test func `a policy is kept for a while, and is made anew after it, or when that is asked for`() async throws {
        let box = TimeBox()
        let access = access(.library, clock: WallClock { box.now })
        let two = folder.path + "/two/a.png"
        #expect(try await !access.policy().mayRead(two))
        try library.addRoot(folder.path + "/two")
        box.now += PathAccess.patience - 1
        #expect(try await !access.policy().mayRead(two))
        box.now += 1
        #expect(try await access.policy().mayRead(two))
        try library.addRoot(folder.path + "/three")
        let three = folder.path + "/three/a.png"
        #expect(try await !access.policy().mayRead(three))
        #expect(try await access.refresh().mayRead(three))
        #expect(try await access.policy().mayRead(three))
        // A clock that is set back does not keep an old policy for ever.
        box.now -= 1_000_000
        #expect(try await access.policy().mayRead(three))
    }
}

/// A time that a test sets.
private final class TimeBox: Sendable {
    private let value = Mutex<Milliseconds>(1_000)

    var now: Milliseconds {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}
