import Foundation
import GRDB
import Testing

@testable import Domain

/// What tests of files need that go before their contents are known.
extension IndexUnderTest {
    /// Brings the index in step without hashing anything, as a scan that has not come to that yet.
    func look() throws {
        let meter = ScanMeter(report: { _, _, _ in }, log: { _, _ in })
        try Scanner(library: test.library, threads: 2)
            .index(.everything, reading: .none, meter: meter, stop: StopFlag())
    }

    /// Writes a picture dated to the nanosecond.
    func writePicture(_ side: Int, _ name: String, modified: Int = 1_000_000_000_123_456_789) throws {
        try date(try write(TestPicture.described(side, ""), name), modified)
    }

    /// Sets when a file was last changed, in nanoseconds since 1970.
    func date(_ path: String, _ modified: Int) throws {
        let time = FileTime.moment(modified)
        #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
    }

    /// How many files wait without a content, and how many tags with them.
    func waiting() throws -> Int {
        try store.pool.read { database in
            try Int.fetchOne(
                database,
                sql: "SELECT (SELECT count(*) FROM kept_file) + (SELECT count(*) FROM kept_file_tag)"
            ) ?? -1
        }
    }

    /// Removes a file of which a name outside the root stays, so that no other file gets its number on the disk.
    func removeForGood(_ name: String) throws {
        let other = folder.path + "/" + UUID().uuidString
        try #require(link(root + "/" + name, other) == 0)
        try folder.remove("root/" + name)
    }
}
