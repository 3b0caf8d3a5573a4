import Domain
import Synchronization
import Testing

@testable import vitrine

@Suite struct TerminalProgressTests {
    /// A hand-set clock and what was written.
    private final class Stage: Sendable {
        let now = Mutex(0)
        let texts = Mutex<[String]>([])

        func progress(width: Int?) -> TerminalProgress {
            TerminalProgress(
                output: LogOutput { text in self.texts.withLock { $0.append(text) } },
                terminal: width.map { width in Terminal { width } },
                clock: WallClock { self.now.withLock { $0 } }
            )
        }
    }

    private func at(_ current: Int, of total: Int? = 10, _ message: String = "m") -> TaskRecord.Progress {
        TaskRecord.Progress(current: current, total: total, message: message)
    }

    @Test("without a terminal there is at most a line a second, and the last")
    func lines() {
        let stage = Stage()
        let progress = stage.progress(width: nil)
        for step in 0..<25 {
            stage.now.withLock { $0 = step * 100 }
            progress.update(at(step, of: 25))
        }
        progress.finish(at(25, of: 25))
        progress.update(at(3))
        progress.finish(at(3))
        #expect(stage.texts.withLock { $0 } == ["0/25 0% m\n", "10/25 40% m\n", "20/25 80% m\n", "25/25 100% m\n"])
    }

    @Test("on a terminal the bar is drawn in place, at most ten times a second, and ends its line")
    func bar() {
        let stage = Stage()
        let progress = stage.progress(width: 60)
        for time in [0, 50, 99, 100, 150] {
            stage.now.withLock { $0 = time }
            progress.update(at(5))
        }
        progress.finish(at(10))
        let texts = stage.texts.withLock { $0 }
        #expect(texts.count == 3)
        #expect(texts.allSatisfy { $0.hasPrefix("\r[") && $0.contains("\u{1B}[K") })
        #expect(texts.map { $0.hasSuffix("\n") } == [false, false, true])
    }

    @Test("a bar shows its share and fits the terminal")
    func barLine() {
        #expect(ProgressLine.bar(at(5), width: 60) == "[##########----------]  50% 5/10 m")
        #expect(ProgressLine.bar(at(10), width: 60) == "[####################] 100% 10/10 m")
        #expect(ProgressLine.bar(at(0), width: 60) == "[--------------------]   0% 0/10 m")
        for width in 0..<200 {
            let line = ProgressLine.bar(at(7, of: 9, String(repeating: "long ", count: 50)), width: width)
            #expect(line.count <= max(0, width - 1))
        }
    }

    @Test("odd progress is shown without harm")
    func odd() {
        #expect(ProgressLine.plain(at(7, of: nil, "")) == "7")
        #expect(ProgressLine.plain(at(0, of: 0)) == "0/0 m")
        #expect(ProgressLine.plain(at(20, of: 10)) == "20/10 100% m")
        #expect(ProgressLine.plain(at(-3, of: 10)) == "-3/10 0% m")
        #expect(ProgressLine.plain(at(999_999, of: 1_000_000)) == "999999/1000000 99% m")
        #expect(ProgressLine.plain(at(.max, of: .max)) == "\(Int.max)/\(Int.max) 100% m")
        #expect(ProgressLine.plain(at(1, of: 2, "a\u{1B}[2Jb\nc")) == "1/2 50% a?[2Jb?c")
    }
}
