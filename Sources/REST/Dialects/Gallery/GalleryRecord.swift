import Domain

extension JSONWriter {
    /// Writes a model as lists hold it: without `meta_json`, and never without a name.
    mutating func value(listed model: ModelRecord) {
        object {
            $0.field("sha256", model.hash.hex)
            $0.field("name", model.shownName)
            $0.nullable("type", model.type.map { .string($0) })
            $0.field("path", model.path)
            $0.nullable("size_bytes", model.size.map { .int(Int64($0)) })
            $0.nullable("created_at", model.created.map { .int(Int64($0)) })
            $0.field("images_count", model.samples)
            $0.value(tags: model.words)
        }
    }

    /// Writes a model with everything that is known of it.
    mutating func value(_ model: ModelRecord, _ form: GalleryConfiguration.MetaForm) {
        object {
            $0.field("sha256", model.hash.hex)
            $0.row(path: model.path, name: model.name, type: model.type, size: model.size, created: model.created)
            $0.meta(model.meta, form)
            $0.value(tags: model.words)
        }
    }

    /// Writes a record that waits, with everything that is known of it and its first picture under `image`.
    mutating func value(_ model: PendingModel, _ form: GalleryConfiguration.MetaForm) {
        object {
            $0.field("id", model.id)
            $0.field("sha256", model.hash?.hex ?? "")
            $0.row(path: model.path, name: model.name, type: model.type, size: model.size, created: model.created)
            $0.field("image", model.meta["images"]?.array?.first?.string ?? "")
            $0.meta(model.meta, form)
            $0.value(tags: model.words)
        }
    }

    /// Writes `tags` with the id and name of each word.
    mutating func value(tags words: [ModelWord]) {
        field(
            "tags",
            array: { writer in
                for word in words {
                    writer.object {
                        $0.field("id", word.id)
                        $0.field("name", word.name)
                    }
                }
            }
        )
    }

    private mutating func row(path: String, name: String?, type: String?, size: Int?, created: Milliseconds?) {
        field("path", path)
        nullable("name", name.map { .string($0) })
        nullable("type", type.map { .string($0) })
        nullable("size_bytes", size.map { .int(Int64($0)) })
        nullable("created_at", created.map { .int(Int64($0)) })
    }

    private mutating func meta(_ meta: JSON, _ form: GalleryConfiguration.MetaForm) {
        switch form {
        case .string: field("meta_json", meta.text)
        case .object: field("meta_json", meta)
        }
        field("meta", meta)
    }

    /// Writes a member also when there is nothing to say.
    private mutating func nullable(_ name: String, _ value: JSON?) {
        field(name, value ?? .null)
    }
}
