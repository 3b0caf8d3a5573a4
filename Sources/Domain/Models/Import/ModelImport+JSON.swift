extension ModelImport.Outcome {
    /// What became of a record, as the result of a task `model_import` says it.
    func json(id: Int) -> JSON {
        let id = JSON.int(Int64(id))
        return switch self {
        case .success(let hash): ["id": id, "status": "success", "sha256": .string(hash.hex)]
        case .conflict(let hash, let pending, let existing):
            [
                "id": id, "status": "conflict", "sha256": .string(hash.hex), "pending": pending.json,
                "existing": existing.json,
            ]
        case .ignored(let hash): ["id": id, "status": "ignored", "sha256": .string(hash.hex)]
        case .deleted(let hash): ["id": id, "status": "deleted", "sha256": .string(hash?.hex ?? "")]
        case .failed(let failure):
            ["id": id, "status": "failed", "code": .string(failure.code), "error": .string(failure.text)]
        }
    }

    /// Reads what ``json(id:)`` wrote; `nil` for anything else.
    init?(json: JSON) {
        if json["status"]?.string == "failed" {
            guard let failure = ModelImport.Failure(code: json["code"]?.string, text: json["error"]?.string) else {
                return nil
            }
            self = .failed(failure)
            return
        }
        if json["status"] == "deleted", json["sha256"] == "" {
            self = .deleted(nil)
            return
        }
        guard let hash = json["sha256"]?.string.flatMap({ ContentHash(hex: $0) }) else { return nil }
        switch json["status"]?.string {
        case "success": self = .success(hash)
        case "ignored": self = .ignored(hash)
        case "deleted": self = .deleted(hash)
        case "conflict":
            guard let pending = ModelImport.Place(json: json["pending"]),
                let existing = ModelImport.Place(json: json["existing"])
            else { return nil }
            self = .conflict(hash, pending: pending, existing: existing)
        default: return nil
        }
    }
}

extension ModelImport.Place {
    fileprivate var json: JSON { ["id": .string(id), "path": .string(path)] }

    fileprivate init?(json: JSON?) {
        guard let id = json?["id"]?.string, let path = json?["path"]?.string else { return nil }
        self.init(id: id, path: path)
    }
}

extension ModelImport.Failure {
    fileprivate var code: String {
        switch self {
        case .notFound: "not_found"
        case .missingPath: "missing_path"
        case .hashFailed: "hash_failed"
        case .picture: "picture"
        case .cutShort: "cut_short"
        }
    }

    fileprivate init?(code: String?, text: String?) {
        switch code {
        case "not_found": self = .notFound
        case "missing_path": self = .missingPath
        case "hash_failed": self = .hashFailed
        case "picture": self = .picture(text ?? "")
        case "cut_short": self = .cutShort(text ?? "")
        default: return nil
        }
    }
}
