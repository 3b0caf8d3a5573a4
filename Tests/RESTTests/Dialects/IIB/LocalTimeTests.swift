import Foundation
import Testing

@testable import REST

extension LocalTime {
    /// A zone one hour ahead of UTC, two from the last Sunday of March to that of October 2026, at 1:00 UTC.
    static let berlin = LocalTime { (1_774_746_000..<1_792_890_000).contains($0) ? 7_200 : 3_600 }
    static let utc = LocalTime { _ in 0 }
    /// A zone whose offset is no whole quarter of an hour, and changes at an odd second.
    static let odd = LocalTime { $0 < 1_000_003 ? -17_762 : -18_000 }
}

@Suite struct LocalTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01 00:00:00"), (951_782_400, "2000-02-29 00:00:00"), (1_767_225_599, "2025-12-31 23:59:59"),
            (-1, "1969-12-31 23:59:59"), (-62_135_596_800, "0001-01-01 00:00:00"),
            (4_102_444_800, "2100-01-01 00:00:00"),
        ]
    )
    func `a moment is written as its date in UTC and read back`(seconds: Int, text: String) {
        var writer = LocalTimeWriter(zone: .utc)
        let (shown, quoted) = (writer.text(seconds), writer.json(seconds))
        #expect(shown == text)
        #expect(quoted == Array("\"\(text)\"".utf8))
        #expect(LocalTime.utc.moments(text) == [seconds])
    }

    @Test func `an hour that clocks show twice is two moments, one that they skip is one`() {
        var writer = LocalTimeWriter(zone: .berlin)
        let twice = [1_792_888_200, 1_792_891_800].map { writer.text($0) }
        #expect(twice == ["2026-10-25 02:30:00", "2026-10-25 02:30:00"])
        #expect(LocalTime.berlin.moments("2026-10-25 02:30:00") == [1_792_888_200, 1_792_891_800])
        #expect(LocalTime.berlin.moments("2026-10-25 03:00:00") == [1_792_893_600])
        #expect(LocalTime.berlin.moments("2026-03-29 02:30:00") == [1_774_747_800])
        let skipped = writer.text(1_774_747_800)
        #expect(skipped == "2026-03-29 03:30:00")
    }

    @Test(
        arguments: [
            "", "2026-01-01", "2026-13-01 00:00:00", "2026-00-01 00:00:00", "2026-02-29 00:00:00",
            "2026-01-01 24:00:00",
            "2026-01-01 00:60:00", "2026-01-01 00:00:60", "2026-01-01 00:00:0", "2026-01-01 00:00:000",
            "2026/01/01 00:00:00", "+026-01-01 00:00:00", "2026-01-01 0a:00:00", "２026-01-01 00:00",
        ]
    )
    func `what is no date names no moment`(text: String) {
        #expect(LocalTime.utc.moments(text) == [])
    }

    @Test(arguments: ["berlin", "odd", "utc", "server", "berlin, remembered", "odd, remembered"])
    func `in any order, moments are written as their offset says, and are among those that are read back`(name: String)
    {
        let zones: [String: LocalTime] = [
            "berlin": .berlin, "odd": .odd, "utc": .utc, "server": .server,
            "berlin, remembered": LocalTime(memory: OffsetMemory(), offset: LocalTime.berlin.offset),
            "odd, remembered": LocalTime(memory: OffsetMemory(), offset: LocalTime.odd.offset),
        ]
        guard let zone = zones[name] else { return }
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        let calendar = Calendar(identifier: .gregorian)
        var writer = LocalTimeWriter(zone: zone)
        for _ in 0..<3_000 {
            let around =
                [1_000_003, 1_774_746_000, 1_792_890_000, 0, 1_700_000_000].randomElement(using: &generator) ?? 0
            let seconds = around + Int.random(in: -90_000...90_000, using: &generator)
            let shown = Date(timeIntervalSince1970: Double(seconds + zone.offset(seconds)))
            var utc = calendar
            utc.timeZone = .gmt
            let parts = utc.dateComponents([.year, .month, .day, .hour, .minute, .second], from: shown)
            let wanted = String(
                format: "%04d-%02d-%02d %02d:%02d:%02d",
                parts.year ?? 0,
                parts.month ?? 0,
                parts.day ?? 0,
                parts.hour ?? 0,
                parts.minute ?? 0,
                parts.second ?? 0
            )
            // Another one knows only what is remembered.
            if seconds.isMultiple(of: 3) { writer = LocalTimeWriter(zone: zone) }
            let text = writer.text(seconds)
            #expect(text == wanted, "seed \(seed), \(seconds)")
            #expect(zone.moments(text).contains(seconds), "seed \(seed), \(seconds)")
        }
    }

    @Test func `an offset is remembered for its own stretch only`() {
        let memory = OffsetMemory()
        #expect(memory.offset(of: 0) == nil)
        for (number, offset) in [(0, 0), (1, -17_762), (2, 86_400), (-3, 3_600)] {
            memory.remember(offset, of: number)
            #expect(memory.offset(of: number) == offset)
        }
        #expect(memory.offset(of: 8_192) == nil && memory.offset(of: -8_191) == nil)
        memory.remember(7_200, of: 8_193)
        #expect(memory.offset(of: 8_193) == 7_200 && memory.offset(of: 1) == nil)
        for far in [1 << 31, -(1 << 31), 1 << 40] {
            memory.remember(1, of: far)
            #expect(memory.offset(of: far) == nil)
        }
    }

    @Test func `days and dates turn into each other over many years`() {
        for day in stride(from: -800_000, through: 3_000_000, by: 61) {
            let date = CivilDate(daysSince1970: day)
            #expect(date.daysSince1970 == day)
            #expect((1...CivilDate.days(in: date.month, of: date.year)).contains(date.day))
        }
    }
}
