#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A time zone: how many seconds local time is ahead of UTC at each moment.
struct LocalTime: Sendable {
    /// The offset in seconds at a number of seconds since 1970.
    let offset: @Sendable (Int) -> Int
    /// What is known of it so far, for those who write many moments; `nil` when nothing is kept.
    let memory: OffsetMemory?

    /// A time zone with these offsets; they never change when there is a `memory`.
    init(memory: OffsetMemory? = nil, offset: @escaping @Sendable (Int) -> Int) {
        self.memory = memory
        self.offset = offset
    }

    /// The time zone of the server's process.
    static let server = LocalTime(memory: OffsetMemory()) { seconds in
        var time = time_t(seconds)
        var parts = tm()
        guard localtime_r(&time, &parts) != nil else { return 0 }
        return parts.tm_gmtoff
    }

    /// Reads `YYYY-MM-DD HH:MM:SS` in this time zone: every moment at which its clocks show that, earliest first.
    ///
    /// Two where clocks are set back; where they are set forward over it, the moment that the old offset gives.
    /// Empty for a text of another form, or a date that no calendar has.
    func moments(_ text: some StringProtocol) -> [Int] {
        guard let shown = Self.seconds(text) else { return [] }
        let offsets = Set([shown - 86_400, shown, shown + 86_400].map(offset))
        let found = offsets.map { shown - $0 }.filter { $0 + offset($0) == shown }.sorted()
        return found.isEmpty ? [shown - offset(shown - 86_400)] : found
    }

    /// The seconds since 1970 at which a clock in UTC shows this.
    private static func seconds(_ text: some StringProtocol) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 19, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":")
        else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(0 as Int?) { value, byte in
                guard let value, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                return value * 10 + Int(byte - UInt8(ascii: "0"))
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            (1...12).contains(month), (1...CivilDate.days(in: month, of: year)).contains(day), hour < 24, minute < 60,
            second < 60
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }
}
