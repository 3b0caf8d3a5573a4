/// Where a client left off: the `since` of contracts/realtime.md §3.
package struct ResumePoint: Hashable, Sendable {
    package var epoch: String
    package var offset: Int

    package init(epoch: String, offset: Int) {
        self.epoch = epoch
        self.offset = offset
    }

    /// Reads `<epoch>:<offset>`, the form of event streams; `nil` for anything else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let offset = Int(digits), offset < 1 << 53
        else { return nil }
        self.init(epoch: String(text[..<colon]), offset: offset)
    }
}
