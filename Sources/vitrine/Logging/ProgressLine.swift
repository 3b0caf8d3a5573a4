import Domain

/// Progress as one line of text.
enum ProgressLine {
    /// `1200/5000 24% message`, or `1200 message` when the total is unknown.
    static func plain(_ progress: TaskRecord.Progress) -> String {
        var words = [counts(progress)]
        if let percent = percent(progress) { words.append("\(percent)%") }
        if !progress.message.isEmpty { words.append(printable(progress.message)) }
        return words.joined(separator: " ")
    }

    /// `[#####-----]  50% 1/2 message` in less than `width` columns; without a bar when the total is unknown or the
    /// terminal is too narrow for one.
    static func bar(_ progress: TaskRecord.Progress, width: Int) -> String {
        guard let percent = percent(progress), width >= 40 else {
            return String(plain(progress).prefix(max(0, width - 1)))
        }
        let columns = min(30, width / 3)
        let filled = columns * percent / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: columns - filled)
        let padding = String(repeating: " ", count: percent < 10 ? 2 : percent < 100 ? 1 : 0)
        let line = "[\(bar)] \(padding)\(percent)% \(counts(progress)) \(printable(progress.message))"
        return String(line.prefix(width - 1))
    }

    private static func counts(_ progress: TaskRecord.Progress) -> String {
        progress.total.map { "\(progress.current)/\($0)" } ?? "\(progress.current)"
    }

    /// Whole percent, 100 only when all is done; `nil` without a total.
    private static func percent(_ progress: TaskRecord.Progress) -> Int? {
        guard let total = progress.total, total > 0 else { return nil }
        let share = Double(min(max(progress.current, 0), total)) / Double(total)
        return progress.current >= total ? 100 : min(99, Int(share * 100))
    }

    /// File names may hold anything: control characters would move the cursor.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 })
        )
    }
}
