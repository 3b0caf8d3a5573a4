/// A growing piece of memory for payloads that arrive in pieces; empty, it owns no memory.
struct AssemblyBuffer: ~Copyable {
    private(set) var base: UnsafeMutableRawPointer?
    private(set) var capacity = 0
    /// How many bytes are in use; set by whoever writes behind them.
    var count = 0

    deinit {
        base?.deallocate()
    }

    /// The bytes in use, valid until the next change.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base, count: count)
    }

    /// Makes room for `additional` bytes and returns where they go.
    ///
    /// Grows to at least twice its size, but not above `limit` unless the bytes need it.
    mutating func room(for additional: Int, limit: Int) -> UnsafeMutableRawPointer {
        let needed = count + additional
        if let base, needed <= capacity { return base + count }
        let wanted = max(needed, min(limit, max(2 * capacity, 1024)))
        let grown = UnsafeMutableRawPointer.allocate(byteCount: max(wanted, 16), alignment: 16)
        if let base {
            grown.copyMemory(from: base, byteCount: count)
            base.deallocate()
        }
        base = grown
        capacity = max(wanted, 16)
        return grown + count
    }

    /// Appends the bytes.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        room(for: bytes.count, limit: .max).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    /// Gives the memory back.
    mutating func release() {
        base?.deallocate()
        base = nil
        capacity = 0
        count = 0
    }
}
