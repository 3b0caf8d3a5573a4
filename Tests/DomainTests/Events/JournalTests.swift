import Domain
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5)))
struct JournalTests {
    private let line = LogLine(at: 1, level: .info, message: "m", source: "s")

    @Test("Concurrent publishers get offsets without gaps, and the listener hears them in order")
    func concurrent() async {
        let journal = Journal(epoch: "e")
        let heard = Mutex<[Int]>([])
        journal.listen { entry in heard.withLock { $0.append(entry.offset) } }
        let offsets = await withTaskGroup(of: [Int].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<200).map { index in
                        if index.isMultiple(of: 10) { journal.publish(contentsOf: [.logLine(line), .logLine(line)]) }
                        return journal.publish(.logLine(line))
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(offsets).count == 1600)
        #expect(heard.withLock { $0 } == Array(1...1920))
        #expect(journal.read { $0.offset } == 1920)
    }

    @Test("A read shows exactly the events up to its offset")
    func snapshots() async {
        let journal = Journal(epoch: "e")
        await withTaskGroup { group in
            group.addTask {
                for number in 1...2000 {
                    journal.publish(.libraryCounts(LibraryCounts(contents: number, files: 0, bytes: 0)))
                }
            }
            group.addTask {
                for _ in 0..<2000 {
                    let (offset, contents) = journal.read { ($0.offset, $0.library.counts.contents) }
                    #expect(offset == contents)
                }
            }
        }
    }

    @Test("Loading fills the boards without an event")
    func load() {
        let journal = Journal(epoch: "e", clock: WallClock { 77 })
        let heard = Mutex<[Milliseconds]>([])
        journal.listen { entry in heard.withLock { $0.append(entry.at) } }
        journal.load { $0.library.load(counts: LibraryCounts(contents: 3, files: 4, bytes: 5), newest: []) }
        #expect(journal.read { $0.offset } == 0)
        #expect(journal.read { $0.library.counts.files } == 4)
        journal.publish(.logLine(line))
        #expect(heard.withLock { $0 } == [77])
        #expect(journal.epoch == "e")
    }
}
