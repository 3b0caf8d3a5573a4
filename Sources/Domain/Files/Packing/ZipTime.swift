#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A moment as ZIP archives keep it: local time, in steps of two seconds (PKWARE APPNOTE 6.3, section 4.4.6).
struct ZipTime: Hashable, Sendable {
    /// Hours, minutes and half seconds.
    let time: UInt16
    /// Years from 1980, months and days.
    let date: UInt16

    /// A moment in the time zone of the process; what lies before 1980 or after 2107 becomes the nearest there is.
    init(secondsSince1970 seconds: Int) {
        var moment = time_t(seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        self.init(
            year: Int(parts.tm_year) + 1900,
            month: Int(parts.tm_mon) + 1,
            day: Int(parts.tm_mday),
            hour: Int(parts.tm_hour),
            minute: Int(parts.tm_min),
            second: Int(parts.tm_sec)
        )
    }

    init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard year >= 1980 else {
            time = 0
            date = 1 << 5 | 1
            return
        }
        guard year <= 2107 else {
            time = 23 << 11 | 59 << 5 | 29
            date = 127 << 9 | 12 << 5 | 31
            return
        }
        // A leap second is shown as the one before it.
        time = UInt16(hour << 11 | minute << 5 | min(second, 59) / 2)
        date = UInt16((year - 1980) << 9 | month << 5 | day)
    }
}
