import Synchronization
import Testing

@testable import Domain

struct IndexPassesTests {
    /// Someone who watches, and counts how often changes were taken from him.
    private final class Source: ChangeSource {
        let taken = Mutex(0)

        var dirty: DirtyFolders { .folders(["/a"]) }

        func takeDirty() -> DirtyFolders {
            taken.withLock { $0 += 1 }
            return .folders(["/a"])
        }
    }

    @Test("A scan of a part of the library leaves the changes to those who look at them")
    func part() {
        let passes = IndexPasses()
        let source = Source()
        passes.use(source)
        passes.begin("part", isPart: true)
        #expect(source.taken.withLock { $0 } == 0)
        #expect(passes.end())
        passes.begin("whole")
        #expect(source.taken.withLock { $0 } == 1)
        #expect(passes.end())
    }

    @Test("What a failed pass was to see is owed again, to the byte")
    func failing() {
        struct Refused: Error {}
        let passes = IndexPasses()
        let source = Source()
        passes.use(source)
        passes.begin("first")
        _ = passes.beginPass(all: false)
        passes.endPass()
        #expect(passes.end())
        let heard = Mutex<[Bool]>([])
        let folders: Set<ByteText> = ["/\u{E9}", "/e\u{301}"]
        let request = passes.request(.folders(folders), id: "second") { result in
            heard.withLock { $0.append((try? result.get()) != nil) }
        }
        guard case .submit("second") = request else {
            Issue.record("\(request)")
            return
        }
        passes.begin("second")
        #expect(passes.beginPass(all: false).changes == .folders(folders))
        passes.fail(Refused())
        #expect(heard.withLock { $0 } == [false])
        passes.begin("third", isPart: true)
        #expect(passes.beginPass(all: false).changes == .folders(folders))
    }
}
