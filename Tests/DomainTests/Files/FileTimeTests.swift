import Foundation
import Testing

@testable import Domain

/// Times of files of any year, in one number.
struct FileTimeTests {
    private static let moments: [(Int, Int)] = [
        (.min, 0), (-1 << 50, 0), (-20_000_000_000, 0), (-9_183_110_401, 999_999_999), (-9_183_110_400, 0),
        (-9_183_110_400, 1), (-1, 0), (-1, 999_999_999), (0, 0), (0, 1), (1_700_000_000, 123_456_789),
        (9_183_110_399, 999_999_999), (9_183_110_400, 0), (9_183_110_401, 0), (9_223_372_036, 854_775_807),
        (9_223_372_037, 0), (10_413_792_000, 0), (10_413_792_001, 5), (1 << 50, 0), (.max, 999_999_999),
    ]

    @Test("Later is more, whatever the year, and so is what lies a nanosecond later where that is kept")
    func order() {
        let numbers = Self.moments.map { FileTime.number(timespec(tv_sec: $0.0, tv_nsec: $0.1)) }
        for (left, right) in zip(numbers, numbers.dropFirst()) { #expect(left < right) }
    }

    @Test("A number leads back to its second, and to its moment where that is kept")
    func back() {
        for (seconds, nanoseconds) in Self.moments where seconds.magnitude <= 1 << 50 {
            let number = FileTime.number(timespec(tv_sec: seconds, tv_nsec: nanoseconds))
            #expect(FileTime.seconds(number) == seconds)
            let moment = FileTime.moment(number)
            let isNear = (-9_183_110_400..<9_183_110_400).contains(seconds)
            #expect(moment.tv_sec == seconds && moment.tv_nsec == (isNear ? nanoseconds : 0))
            let milliseconds = FileTime.milliseconds(number)
            #expect(abs(milliseconds - seconds * 1_000) <= 1_000)
        }
        // What an index kept of such a time before: it must not trap.
        for number in [Int.min, .max] {
            _ = (FileTime.seconds(number), FileTime.milliseconds(number), FileTime.moment(number))
        }
    }

    @Test("Times of two ages are not near, and comparing them does not trap")
    func near() {
        func number(_ seconds: Int, _ nanoseconds: Int = 0) -> Int {
            FileTime.number(timespec(tv_sec: seconds, tv_nsec: nanoseconds))
        }
        #expect(FileTime.areNear(number(10), number(11, 999_999_999)) && FileTime.areNear(number(-1), number(0)))
        #expect(!FileTime.areNear(number(10), number(12)) && !FileTime.areNear(number(.max), number(.min)))
        #expect(!FileTime.areNear(number(10_413_792_000), number(10_413_792_003)))
    }

    @Test("A file of the year 2300 is the newest with its date in the index, as among the files, and stays known")
    func index() throws {
        let index = try IndexUnderTest()
        let policy = PathPolicy(readable: nil, library: [index.root])
        let dates = ["new.png": 1_700_000_000, "far.png": 10_413_792_000, "farther.png": 10_413_792_001]
        for (place, (name, date)) in dates.sorted(by: { $0.key < $1.key }).enumerated() {
            let path = try index.write(TestPicture.described(place + 3, ""), name)
            let times = [timespec(tv_sec: date, tv_nsec: 5), timespec(tv_sec: date, tv_nsec: 5)]
            try #require(utimensat(AT_FDCWD, path, times, 0) == 0)
            // Not every file system keeps such times.
            guard FileInfo(path: path, policy: policy)?.modified == date else { return }
        }
        try index.scan()
        let searcher = MediaSearcher(store: index.store)
        let (found, _) = try searcher.search(MediaQuery())
        #expect(found.map { FolderPath.name(of: $0.path) } == ["farther.png", "far.png", "new.png"])
        for media in found {
            let date = try #require(dates[FolderPath.name(of: media.path)])
            #expect(media.key.date == date)
            #expect(FileInfo(path: media.path, policy: policy)?.modified == date)
        }
        #expect(try index.scan() == ScanReport(files: 3))
        #expect(try index.scan(full: true).changed == 0)
        #expect(try index.problems() == [])
    }
}
