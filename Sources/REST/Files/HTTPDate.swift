/// Moments as HTTP writes them, in whole seconds (RFC 9110 §5.6.7).
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    /// The preferred form of so many seconds since 1970, as `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// Years outside of 0 to 9999 are written as the nearest.
    static func text(_ seconds: Int) -> String {
        let seconds = min(max(seconds, -62_167_219_200), 253_402_300_799)
        let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        let clock = seconds - day * 86_400
        let date = CivilDate(daysSince1970: day)
        let digits = { (number: Int, count: Int) in
            String(repeating: "0", count: max(0, count - String(number).utf8.count)) + String(number)
        }
        let time = [clock / 3_600, clock / 60 % 60, clock % 60].map { digits($0, 2) }.joined(separator: ":")
        let name = days[(day % 7 + 7) % 7]
        return "\(name), \(digits(date.day, 2)) \(months[date.month - 1]) \(digits(date.year, 4)) \(time) GMT"
    }

    /// Reads any of the three forms that there are; `nil` for anything else.
    static func seconds(_ text: String) -> Int? {
        let parts = text.split { " ,-:".contains($0) }.map(String.init)
        if parts.count == 8, parts[7] == "GMT" {
            guard var year = number(parts[3]) else { return nil }
            // Two digits are of the obsolete form of RFC 850, and mean a year near the present.
            if parts[3].utf8.count == 2 { year += year < 70 ? 2_000 : 1_900 }
            return seconds(year, parts[2], parts[1], parts[4...6])
        }
        guard parts.count == 7, let year = number(parts[6]) else { return nil }
        return seconds(year, parts[1], parts[2], parts[3...5])
    }

    private static func seconds(_ year: Int, _ month: String, _ day: String, _ time: ArraySlice<String>) -> Int? {
        guard let month = months.firstIndex(of: month).map({ $0 + 1 }), let day = number(day),
            (1...CivilDate.days(in: month, of: year)).contains(day)
        else { return nil }
        let clock = time.compactMap(number)
        guard clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] <= 60 else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        return days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
    }

    private static func number(_ text: String) -> Int? {
        (1...4).contains(text.utf8.count) && text.utf8.allSatisfy { 48...57 ~= $0 } ? Int(text) : nil
    }
}
