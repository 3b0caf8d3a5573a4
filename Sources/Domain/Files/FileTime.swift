#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Times of files in one number: nanoseconds since 1970-01-01 UTC, as far as they fit.
///
/// From the year 2261 on, and before 1679, a further second counts one instead of a thousand million. So times of any
/// year have their order, differ when they lie a second apart, and lead back to their second.
enum FileTime {
    private static let second = 1_000_000_000
    /// The seconds since 1970, and before it, from which on nothing smaller is kept.
    private static let bound = 9_183_110_400
    /// The number of that second.
    private static let far = bound * second
    /// The seconds that are told apart beyond; what lies behind them becomes the last.
    private static let reach = 1 << 50

    /// The number of a moment.
    static func number(_ time: timespec) -> Int {
        let seconds = Int(time.tv_sec)
        if seconds >= bound { return far + min(seconds - bound, reach) }
        if seconds < -bound { return -far - min(-max(seconds, -.max) - bound, reach) }
        return seconds * second + Int(time.tv_nsec)
    }

    /// The whole seconds since 1970 of a number, rounded down.
    static func seconds(_ number: Int) -> Int {
        if number >= far { return bound + min(number - far, reach) }
        if number < -far { return -bound + max(number + far, -reach) }
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: second)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The moment of a number; where nothing smaller is kept, its second.
    static func moment(_ number: Int) -> timespec {
        let seconds = seconds(number)
        return timespec(tv_sec: seconds, tv_nsec: -far..<far ~= number ? number - seconds * second : 0)
    }

    /// Whether two numbers lie less than two seconds apart.
    static func areNear(_ left: Int, _ right: Int) -> Bool {
        guard abs(seconds(left) - seconds(right)) <= 2 else { return false }
        return abs(left - right) < 2 * second
    }

    /// The whole milliseconds since 1970 of a number; where nothing so small is kept, those of its second.
    static func milliseconds(_ number: Int) -> Int {
        -far..<far ~= number ? number / 1_000_000 : seconds(number) * 1_000
    }
}

extension stat {
    /// When the file was last changed, as ``FileTime`` counts.
    var modified: Int {
        #if canImport(Glibc)
            FileTime.number(st_mtim)
        #else
            FileTime.number(st_mtimespec)
        #endif
    }

    /// When anything of it was last changed, as ``FileTime`` counts.
    var changed: Int {
        #if canImport(Glibc)
            FileTime.number(st_ctim)
        #else
            FileTime.number(st_ctimespec)
        #endif
    }
}
