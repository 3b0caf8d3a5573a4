import Synchronization

/// Remembers the offsets from UTC of some stretches of time, for all threads and without a lock; what is not remembered is
/// looked up again.
final class OffsetMemory: @unchecked Sendable {
    // Unchecked: the slots are atomics, allocated once and freed with the last reference.

    /// A power of two; enough for six years in stretches of six hours.
    private static let count = 8_192
    /// Of each slot, the number of a stretch in the upper half and its offset in the lower one; 0 where there is none.
    private let slots: UnsafeMutablePointer<Atomic<UInt64>>

    init() {
        slots = .allocate(capacity: Self.count)
        for index in 0..<Self.count { (slots + index).initialize(to: Atomic(0)) }
    }

    deinit {
        slots.deinitialize(count: Self.count)
        slots.deallocate()
    }

    /// The offset in seconds within a stretch, when it is remembered.
    func offset(of number: Int) -> Int? {
        guard let key = Self.key(number) else { return nil }
        let slot = slots[number & (Self.count - 1)].load(ordering: .relaxed)
        return slot >> 32 == key ? Int(Int32(truncatingIfNeeded: slot)) : nil
    }

    /// Remembers the offset in seconds within a stretch, in the place of another one's.
    func remember(_ offset: Int, of number: Int) {
        guard let key = Self.key(number), let offset = Int32(exactly: offset) else { return }
        slots[number & (Self.count - 1)].store(key << 32 | UInt64(UInt32(bitPattern: offset)), ordering: .relaxed)
    }

    /// A number from 1 to 2^32 - 1 for each stretch; `nil` for those too far away.
    private static func key(_ number: Int) -> UInt64? {
        UInt32(exactly: number + (1 << 31)).flatMap { $0 == 0 ? nil : UInt64($0) }
    }
}
