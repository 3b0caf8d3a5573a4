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

    /// The sample pictures, for those who are on a thread that may block.
    var samples: ModelSamples { ModelSamples(library: library, data: data, ffmpeg: ffmpeg) }

    /// How many sample pictures a model has; 0 for an unknown one.
    package func sampleCount(_ hash: ContentHash) async throws -> Int {
        try await threads.run { [samples] in try samples.count(hash) }
    }

    /// A sample of a model, which need not be in the gallery; `nil` when there is none of this number.
    package func sample(_ hash: ContentHash, _ number: Int, _ quality: SampleQuality) async throws -> Sample? {
        try await threads.run { [samples] in try samples.find(hash, number, quality) }
    }

    /// Adds a picture as the next sample in all qualities and answers its number.
    ///
    /// Throws ``ModelGalleryError/badPicture(_:)``.
    package func addSample(_ picture: [UInt8], to hash: ContentHash) async throws -> Int {
        try await painters.run { [self] in
            let number = try samples.add(picture, to: hash)
            tellChange(of: hash)
            return number
        }
    }

    /// Removes a sample; those after it move down by one.
    ///
    /// Throws ``ModelGalleryError/unknownSample(_:)``.
    package func removeSample(_ hash: ContentHash, _ number: Int) async throws {
        try await threads.run { [self] in
            try samples.remove(hash, number)
            tellChange(of: hash)
        }
    }

    /// Tells that a model has other samples; what was done stays done when that fails.
    private func tellChange(of hash: ContentHash) { try? noteChanged(hash) }
}
