import Domain

/// Writes moments as local times, `YYYY-MM-DD HH:MM:SS`, many in a row: it asks for the time zone only where the
/// offset could have changed.
struct LocalTimeWriter {
    /// How long a stretch of time is taken to have one offset when it has the same at both ends; clocks are never
    /// changed and changed back within it.
    private static let stretch = 6 * 3_600

    private let zone: LocalTime
    private var lastStretch: (number: Int, offset: Int?)?
    private var lastMoment: Int?
    private var lastDay: Int?
    /// The last text, in quotes.
    private var bytes = Array(#""0000-00-00 00:00:00""#.utf8)

    init(zone: LocalTime = .server) {
        self.zone = zone
    }

    /// The local time of so many seconds since 1970, as JSON text, in quotes.
    mutating func json(_ seconds: Int) -> [UInt8] {
        show(seconds)
        return bytes
    }

    /// Appends the local time of so many seconds since 1970, in quotes.
    mutating func append(_ seconds: Int, to text: inout JSONText) {
        show(seconds)
        text.append(bytes)
    }

    private mutating func show(_ seconds: Int) {
        // Some file systems keep any number; what lies past the years that can be written must not overflow below.
        let seconds = min(max(seconds, -1 << 40), 1 << 40)
        if lastMoment != seconds {
            lastMoment = seconds
            write(seconds + offset(seconds))
        }
    }

    /// The local time of so many seconds since 1970.
    mutating func text(_ seconds: Int) -> String {
        String(decoding: json(seconds).dropFirst().dropLast(), as: UTF8.self)
    }

    private mutating func offset(_ seconds: Int) -> Int {
        let number = Self.floor(seconds, Self.stretch)
        if lastStretch?.number != number {
            lastStretch = (number, zone.memory?.offset(of: number) ?? measured(number))
        }
        return lastStretch?.offset ?? zone.offset(seconds)
    }

    /// The offset in a stretch; `nil` when it changes within it.
    private func measured(_ number: Int) -> Int? {
        let start = zone.offset(number * Self.stretch)
        guard start == zone.offset((number + 1) * Self.stretch - 1) else { return nil }
        zone.memory?.remember(start, of: number)
        return start
    }

    private mutating func write(_ shown: Int) {
        let day = Self.floor(shown, 86_400)
        if lastDay != day {
            lastDay = day
            let date = CivilDate(daysSince1970: day)
            // Four digits show every year that a file can have; others are written as the nearest.
            let year = min(max(date.year, 0), 9_999)
            two(year / 100, at: 1)
            two(year % 100, at: 3)
            two(date.month, at: 6)
            two(date.day, at: 9)
        }
        let clock = shown - day * 86_400
        two(clock / 3_600, at: 12)
        two(clock / 60 % 60, at: 15)
        two(clock % 60, at: 18)
    }

    private mutating func two(_ number: Int, at index: Int) {
        bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        bytes[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    }

    private static func floor(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }
}
