import Domain

extension CeleryRoute {
    /// What a good one looks like, for the help and for errors.
    static let form = "NAME=QUEUE[,task=CELERY.TASK.NAME][,arguments=params]"

    /// Words that begin an option and so cannot be the name of a task.
    private static let options = ["task", "arguments"]

    /// The route as it is written on the command line.
    var text: String {
        let task = task == name ? "" : ",task=\(task)"
        return "\(name)=\(queue)\(task)\(arguments == .vframe ? "" : ",arguments=\(arguments.rawValue)")"
    }

    /// Reads several; commas that separate routes and commas within one look alike, so what begins as an option does
    /// belongs to the route before it.
    ///
    /// Throws ``ConfigurationError`` for a bad one, and for two of the same name.
    static func routes(_ texts: [String]) throws(ConfigurationError) -> [CeleryRoute] {
        var routes: [CeleryRoute] = []
        for text in texts {
            for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let equals = piece.firstIndex(of: "=") else { throw complaint(text) }
                let name = String(piece[..<equals])
                let value = String(piece[equals...].dropFirst())
                if options.contains(name) {
                    guard var route = routes.popLast(), route.take(name, value) else { throw complaint(text) }
                    routes.append(route)
                } else {
                    guard Identifier.isValid(name), Identifier.isValid(value) else { throw complaint(text) }
                    guard !routes.contains(where: { $0.name == name }) else {
                        throw ConfigurationError("\(name) has two routes")
                    }
                    routes.append(CeleryRoute(name: name, queue: value))
                }
            }
        }
        return routes
    }

    private mutating func take(_ option: String, _ value: String) -> Bool {
        guard Identifier.isValid(value) else { return false }
        if option == "task" {
            task = value
        } else {
            guard let arguments = Arguments(rawValue: value) else { return false }
            self.arguments = arguments
        }
        return true
    }

    private static func complaint(_ text: String) -> ConfigurationError {
        Setting<ServerConfiguration>.complaint(text, form)
    }
}
