extension ModelGallery {
    /// A sample picture's file.
    package struct Sample: Hashable, Sendable {
        /// The file's absolute path, never used for another picture.
        ///
        /// The file may be gone when it is opened, since samples may be removed meanwhile: then ask again.
        package var path: String
        /// Another one whenever the bytes are others, for an ETag.
        package var version: String

        package init(path: String, version: String) {
            self.path = path
            self.version = version
        }
    }

    /// How many sample pictures a model has; 0 for an unknown one.
    package func sampleCount(_ hash: ContentHash) async throws -> Int { throw ModelGalleryError.unavailable }

    /// A sample of a model, which need not be in the gallery; `nil` when there is none of this number.
    package func sample(_ hash: ContentHash, _ number: Int, _ quality: SampleQuality) async throws -> Sample? {
        throw ModelGalleryError.unavailable
    }

    /// Adds a picture as the next sample in all qualities and answers its number.
    ///
    /// Throws `badPicture`.
    package func addSample(_ picture: [UInt8], to hash: ContentHash) async throws -> Int {
        throw ModelGalleryError.unavailable
    }

    /// Removes a sample; those after it move down by one.
    ///
    /// Throws `unknownSample`.
    package func removeSample(_ hash: ContentHash, _ number: Int) async throws { throw ModelGalleryError.unavailable }
}
