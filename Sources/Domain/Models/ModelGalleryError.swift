/// Why the gallery did not do what it was asked.
package enum ModelGalleryError: Error, Hashable, Sendable {
    case unknownModel
    case unknownPending
    /// A tag's id that there is none of.
    case unknownWord(Int)
    /// There is no sample of this number.
    case unknownSample(Int)
    case unknownType(String)
    /// No folder of models is configured.
    case noFolders
    /// A picture that cannot be decoded; why.
    case badPicture(String)
}
