import GRDB

extension Store {
    /// What the index holds in all, and how it grew; the days are those of the server's time zone.
    func mediaStatistics() throws -> MediaStatistics {
        try pool.read { database in
            var statistics = MediaStatistics()
            if let row = try Row.fetchOne(database, sql: "SELECT count(*), coalesce(sum(size), 0) FROM media") {
                statistics.files = row[0]
                statistics.bytes = row[1]
            }
            statistics.days = try Self.days(database)
            for day in statistics.days {
                let month = String(day.name.prefix(7))
                if statistics.months.last?.name == month {
                    statistics.months[statistics.months.count - 1].count += day.count
                } else {
                    statistics.months.append(.init(name: month, count: day.count))
                }
            }
            statistics.models = try Self.mostUsed("Model", database)
            statistics.samplers = try Self.mostUsed("Sampler", database)
            statistics.loras = try Self.mostUsed("lora", database)
            statistics.sources = try Self.mostUsed("Source Identifier", database)
            return statistics
        }
    }

    private static func days(_ database: Database) throws -> [MediaStatistics.Count] {
        // Whole quarters of an hour first: every zone's days begin at one, and there are far fewer than files.
        try Row.fetchAll(
            database,
            sql: """
                WITH part AS (SELECT date / 900 AS quarter, count(*) AS files FROM media GROUP BY date / 900)
                SELECT date(quarter * 900, 'unixepoch', 'localtime') AS day, sum(files) FROM part
                WHERE day IS NOT NULL GROUP BY day ORDER BY day
                """
        ).map { .init(name: $0[0], count: $0[1]) }
    }

    private static func mostUsed(_ type: String, _ database: Database) throws -> [MediaStatistics.Count] {
        try Row.fetchAll(
            database,
            sql: "SELECT name, count FROM tag WHERE type = ? AND count > 0 ORDER BY count DESC, name LIMIT 20",
            arguments: [type]
        ).map { .init(name: $0[0], count: $0[1]) }
    }
}
