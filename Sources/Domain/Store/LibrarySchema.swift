import GRDB

/// The tables of the library: roots, their directories, the distinct contents, and the files that hold them.
///
/// A file belongs to one directory and holds one content; what people attach to a picture will refer to the content.
/// Roots never overlap (``Store/addRoot(_:at:)``), so a path on the disk has at most one row.
enum LibrarySchema {
    static func create(_ database: Database) throws {
        try database.execute(sql: tables)
        try database.execute(sql: triggers)
    }

    private static let tables = """
        CREATE TABLE library_root (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE,
            added INTEGER NOT NULL
        ) STRICT;

        -- `path` is below the root, '' for the root itself; the device (0: not known) tells an unmounted folder from an
        -- emptied one.
        CREATE TABLE directory (
            id INTEGER PRIMARY KEY,
            root INTEGER NOT NULL REFERENCES library_root (id),
            parent INTEGER REFERENCES directory (id),
            path TEXT NOT NULL,
            device INTEGER NOT NULL,
            UNIQUE (root, path)
        ) STRICT;
        CREATE INDEX directory_parent ON directory (parent, path);

        -- thumbnail: 0 wanted, 1 made, 2 failed, 3 not a picture we decode. `files` is kept by the triggers.
        CREATE TABLE content (
            id INTEGER PRIMARY KEY,
            sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
            blake3 BLOB CHECK (length(blake3) = 32),
            mime TEXT NOT NULL,
            size INTEGER NOT NULL CHECK (size >= 0),
            width INTEGER,
            height INTEGER,
            thumbnail INTEGER NOT NULL CHECK (thumbnail IN (0, 1, 2, 3)),
            thumbnail_at INTEGER,
            thumbnail_error TEXT,
            files INTEGER NOT NULL DEFAULT 0 CHECK (files >= 0),
            added INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX content_thumbnail_wanted ON content (id) WHERE thumbnail = 0 AND files > 0;
        CREATE INDEX content_thumbnail_failed ON content (id) WHERE thumbnail = 2;

        -- Ids grow and are never used again, so the newest files are the greatest ids.
        CREATE TABLE file (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            directory INTEGER NOT NULL REFERENCES directory (id),
            name TEXT NOT NULL,
            content INTEGER NOT NULL REFERENCES content (id),
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            added INTEGER NOT NULL,
            UNIQUE (directory, name)
        ) STRICT;
        CREATE INDEX file_content ON file (content);

        CREATE TABLE library_count (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            contents INTEGER NOT NULL,
            files INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        ) STRICT;
        INSERT INTO library_count VALUES (1, 0, 0, 0);
        """

    /// The counts change with the files in the same transaction, whoever changes them.
    private static let triggers = """
        CREATE TRIGGER file_inserted AFTER INSERT ON file BEGIN
            UPDATE content SET files = files + 1 WHERE id = NEW.content;
            UPDATE library_count SET
                files = files + 1,
                bytes = bytes + NEW.size,
                contents = contents + (SELECT files = 1 FROM content WHERE id = NEW.content);
        END;

        CREATE TRIGGER file_deleted AFTER DELETE ON file BEGIN
            UPDATE content SET files = files - 1 WHERE id = OLD.content;
            UPDATE library_count SET
                files = files - 1,
                bytes = bytes - OLD.size,
                contents = contents - (SELECT files = 0 FROM content WHERE id = OLD.content);
        END;

        CREATE TRIGGER file_updated AFTER UPDATE OF content, size ON file BEGIN
            UPDATE content SET files = files - 1 WHERE id = OLD.content;
            UPDATE library_count SET
                bytes = bytes - OLD.size,
                contents = contents - (SELECT files = 0 FROM content WHERE id = OLD.content);
            UPDATE content SET files = files + 1 WHERE id = NEW.content;
            UPDATE library_count SET
                bytes = bytes + NEW.size,
                contents = contents + (SELECT files = 1 FROM content WHERE id = NEW.content);
        END;
        """
}
