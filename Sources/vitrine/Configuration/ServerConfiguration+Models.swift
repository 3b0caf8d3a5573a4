import Domain

extension ServerConfiguration {
    /// The types of models, each with the folder of its name below `folder` and those that were named for it.
    ///
    /// Types of which only folders were named come behind the others. Suffixes that were named take the place of a type's
    /// own.
    func models(below folder: String) -> ModelFolders {
        var models = ModelFolders.standard(below: folder)
        for named in modelFolders {
            let path = FolderArgument.absolute(named.value)
            if let index = models.kinds.firstIndex(where: { $0.name == named.type }) {
                if !models.kinds[index].folders.contains(path) { models.kinds[index].folders.append(path) }
            } else {
                models.kinds.append(ModelFolders.Kind(name: named.type, folders: ["\(folder)/\(named.type)", path]))
            }
        }
        for index in models.kinds.indices {
            let suffixes = modelSuffixes.filter { $0.type == models.kinds[index].name }.map(\.value)
            if !suffixes.isEmpty { models.kinds[index].suffixes = Set(suffixes) }
        }
        return models
    }

    /// Checks that suffixes are given for types that there are.
    ///
    /// Throws ``ConfigurationError`` for the first other one. A folder of models may be missing: it is looked for at each
    /// scan.
    func checkModels() throws(ConfigurationError) {
        let types = Set(models(below: "/").kinds.map(\.name))
        for suffix in modelSuffixes where !types.contains(suffix.type) {
            throw complaint("model-suffix", "there is no type \(suffix.type)")
        }
    }
}
