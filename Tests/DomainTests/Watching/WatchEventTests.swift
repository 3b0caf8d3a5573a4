#if os(Linux)
    import Glibc
    import Testing

    @testable import Domain

    struct WatchEventTests {
        private func bytes(_ watch: Int32, _ mask: Int32, _ name: [UInt8] = [], length: UInt32? = nil) -> [UInt8] {
            let padded = name.isEmpty ? [] : name + [UInt8](repeating: 0, count: 16 - name.count % 16)
            let length = length ?? UInt32(padded.count)
            return withUnsafeBytes(of: (watch, mask, UInt32(0), length)) { Array($0) } + padded
        }

        private func parse(_ bytes: [UInt8]) -> [WatchEvent] { bytes.withUnsafeBytes(WatchEvent.parse) }

        @Test("Events are read with their names, and those that say nothing are left out")
        func reading() {
            let directory = Int32(bitPattern: UInt32(IN_ISDIR))
            let buffer =
                bytes(1, IN_CREATE | directory, Array("new".utf8)) + bytes(2, IN_MODIFY, Array("ä.png".utf8))
                + bytes(3, IN_DELETE_SELF) + bytes(3, IN_IGNORED) + bytes(4, IN_MOVE_SELF) + bytes(4, IN_UNMOUNT)
                + bytes(5, IN_MOVED_FROM | directory, Array("old".utf8)) + bytes(6, IN_ATTRIB)
                + bytes(7, IN_CLOSE_WRITE, Array("b.png".utf8)) + bytes(-1, IN_Q_OVERFLOW)
            #expect(
                parse(buffer) == [
                    WatchEvent(watch: 1, kind: .appeared, name: "new", isFolder: true),
                    WatchEvent(watch: 2, kind: .changed, name: "ä.png", isFolder: false),
                    WatchEvent(watch: 3, kind: .ended, name: nil, isFolder: false),
                    WatchEvent(watch: 4, kind: .moved, name: nil, isFolder: false),
                    WatchEvent(watch: 5, kind: .vanished, name: "old", isFolder: true),
                    WatchEvent(watch: 6, kind: .changed, name: nil, isFolder: false),
                    WatchEvent(watch: 7, kind: .written, name: "b.png", isFolder: false),
                    WatchEvent(watch: -1, kind: .overflow, name: nil, isFolder: false),
                ]
            )
        }

        @Test("A buffer that is cut off anywhere gives the events that are whole")
        func cutOff() {
            let first = bytes(1, IN_CREATE, Array("a".utf8))
            let buffer = first + bytes(2, IN_DELETE, Array("b".utf8))
            for count in 0...buffer.count {
                let expected = count < first.count ? 0 : count < buffer.count ? 1 : 2
                #expect(parse(Array(buffer.prefix(count))).count == expected)
            }
            #expect(parse(bytes(1, IN_CREATE, Array("a".utf8), length: .max)).isEmpty)
        }

        @Test("A folder whose name is not UTF-8 is told as something that is no folder")
        func notText() throws {
            let directory = Int32(bitPattern: UInt32(IN_ISDIR))
            let event = try #require(parse(bytes(1, IN_CREATE | directory, [0x61, 0xFF])).first)
            #expect(event == WatchEvent(watch: 1, kind: .appeared, name: "a\u{FFFD}", isFolder: false))
        }
    }
#endif
