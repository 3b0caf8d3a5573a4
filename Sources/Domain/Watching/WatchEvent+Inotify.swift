#if os(Linux)
    import Glibc

    extension WatchEvent {
        /// What a folder is watched for.
        static let mask: Int32 =
            IN_CREATE | IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE
            | IN_DELETE_SELF | IN_MOVE_SELF

        /// Reads the events of a buffer (inotify(7)); what is cut off at its end is left out.
        static func parse(_ bytes: UnsafeRawBufferPointer) -> [WatchEvent] {
            var events: [WatchEvent] = []
            let head = MemoryLayout<inotify_event>.size
            var start = 0
            while start + head <= bytes.count {
                let event = bytes.loadUnaligned(fromByteOffset: start, as: inotify_event.self)
                let end = start + head + Int(event.len)
                guard end <= bytes.count else { break }
                if let event = WatchEvent(event, name: bytes[start + head..<end]) { events.append(event) }
                start = end
            }
            return events
        }

        private init?(_ event: inotify_event, name: Slice<UnsafeRawBufferPointer>) {
            let mask = Int32(bitPattern: event.mask)
            let kind: Kind
            if mask & IN_Q_OVERFLOW != 0 {
                kind = .overflow
            } else if mask & IN_IGNORED != 0 {
                kind = .ended
            } else if mask & IN_MOVE_SELF != 0 {
                kind = .moved
            } else if mask & (IN_CREATE | IN_MOVED_TO) != 0 {
                kind = .appeared
            } else if mask & (IN_DELETE | IN_MOVED_FROM) != 0 {
                kind = .vanished
            } else if mask & IN_CLOSE_WRITE != 0 {
                kind = .written
            } else if mask & (IN_MODIFY | IN_ATTRIB) != 0 {
                kind = .changed
            } else {
                // A watched folder that is deleted or unmounted ends its watch, which is said by itself.
                return nil
            }
            let name = name.prefix { $0 != 0 }
            let valid = String(validating: name, as: UTF8.self)
            self.init(
                watch: event.wd,
                kind: kind,
                name: name.isEmpty ? nil : valid ?? String(decoding: name, as: UTF8.self),
                isFolder: mask & IN_ISDIR != 0 && valid != nil
            )
        }
    }
#endif
