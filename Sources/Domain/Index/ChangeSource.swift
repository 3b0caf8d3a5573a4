/// Someone who watches the library's folders and knows where something changed.
package protocol ChangeSource: Sendable {
    /// What changed since the last call, or since the watching began.
    ///
    /// All that happened on the disk before the call must be in the answer, or in an earlier one. May block shortly.
    func takeDirty() -> DirtyFolders

    /// What changed, without taking it.
    var dirty: DirtyFolders { get }

    /// A number that is another one after every change that happened on the disk; `nil` while not all of them are told.
    ///
    /// While it stays the same, folders hold the same names. May block very shortly: searches ask for it.
    var changeNumber: Int? { get }

    /// The files, absolute and resolved, that were open for writing and have been closed since the last call.
    ///
    /// Their folders are, or were, among the changes; they may look as before.
    func takeWritten() -> Set<ByteText>
}

extension ChangeSource {
    /// None: who does not count cannot tell that nothing happened.
    package var changeNumber: Int? { nil }

    /// None: who does not know of files tells of folders only.
    package func takeWritten() -> Set<ByteText> { [] }
}

/// Folders in which something changed.
package enum DirtyFolders: Hashable, Sendable {
    case nothing
    /// Absolute, resolved folders: what lies directly in them, and all of the folders in them that the library does not
    /// know yet.
    case folders(Set<ByteText>)
    /// Anything may have changed.
    case unknown

    /// What changed in all, when this and the other are two reports.
    package func joined(_ other: DirtyFolders) -> DirtyFolders {
        switch (self, other) {
        case (.unknown, _), (_, .unknown): .unknown
        case (.nothing, let some), (let some, .nothing): some
        case (.folders(let left), .folders(let right)): .folders(left.union(right))
        }
    }
}
