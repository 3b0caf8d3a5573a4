import GRDB

/// The tables of the model gallery (contracts/gallery.md §2), and the words that models and assets share as tags.
enum ModelSchema {
    static func create(_ database: Database) throws {
        try database.execute(sql: tables)
    }

    private static let tables = """
        -- Words outlive their uses. system: 1 for those that are there from the start.
        CREATE TABLE word (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            system INTEGER NOT NULL DEFAULT 0 CHECK (system IN (0, 1))
        ) STRICT;

        -- path is not unique: two contents may have lain there one after the other. type: NULL when not known.
        -- created: milliseconds since 1970. meta: a JSON object. 
        CREATE TABLE model (
            id INTEGER PRIMARY KEY,
            sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
            path TEXT NOT NULL,
            name TEXT,
            type TEXT,
            size INTEGER,
            created INTEGER,
            meta TEXT NOT NULL DEFAULT '{}'
        ) STRICT;
        CREATE INDEX model_path ON model (path);
        CREATE INDEX model_type ON model (type, name);
        CREATE TABLE model_word (
            model INTEGER NOT NULL REFERENCES model (id) ON DELETE CASCADE,
            word INTEGER NOT NULL REFERENCES word (id) ON DELETE CASCADE,
            PRIMARY KEY (model, word)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX model_word_word ON model_word (word);

        -- sha256: filled while the file is imported. meta.images: names of picture files that wait with it.
        CREATE TABLE pending_model (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path TEXT NOT NULL UNIQUE,
            sha256 BLOB CHECK (length(sha256) = 32),
            hashed_size INTEGER,
            hashed_mtime_ns INTEGER,
            name TEXT,
            type TEXT,
            size INTEGER,
            created INTEGER,
            meta TEXT NOT NULL DEFAULT '{}'
        ) STRICT;
        CREATE TABLE pending_model_word (
            pending INTEGER NOT NULL REFERENCES pending_model (id) ON DELETE CASCADE,
            word INTEGER NOT NULL REFERENCES word (id) ON DELETE CASCADE,
            PRIMARY KEY (pending, word)
        ) STRICT, WITHOUT ROWID;

        -- What became of records that an import has done with, for when it is cut short; step: from 0, in its order.
        CREATE TABLE model_import (
            task TEXT NOT NULL,
            step INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            PRIMARY KEY (task, step)
        ) STRICT, WITHOUT ROWID;

        -- Sample pictures, also of hashes that no model has. position: 0 and up without gaps; NULL while the picture
        -- arrives or leaves: at the next start such files go. name: of the file of high quality, never used again.
        CREATE TABLE model_sample (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            position INTEGER CHECK (position >= 0),
            name TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE INDEX model_sample_position ON model_sample (sha256, position);
        """
}
