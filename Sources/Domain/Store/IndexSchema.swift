import GRDB

/// The tables of the index: what searches read of pictures, videos and sounds, and what people said of them.
///
/// A row of `media` stands beside a row of `file` that is a picture, a video or a sound. What hangs on it is kept in
/// step by triggers, whoever changes it: the links by which searches find files of a tag (`file_tag`), the tags'
/// counts, and the text index. Custom tags belong to the file; when the file goes without having been deleted by
/// someone, they wait with its content (`kept_tag`) for a file that holds it again.
enum IndexSchema {
    static func create(_ database: Database) throws {
        // The content of a file is known only once it has been hashed; until then the index alone speaks of it.
        try database.execute(sql: fileTable)
        try database.execute(sql: tables)
        try database.execute(sql: triggers)
    }

    private static let fileTable = """
        DROP TRIGGER file_inserted;
        DROP TRIGGER file_deleted;
        DROP TRIGGER file_updated;

        ALTER TABLE directory ADD COLUMN mtime_ns INTEGER;
        -- leaving: the root is no part of the library any more; what is left of it is being removed.
        ALTER TABLE library_root ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0 CHECK (leaving IN (0, 1));

        -- content: NULL until the file is hashed. hashed: 0 also when the content is to be computed anew; 1
        -- without a content for what is a picture or a sound by its name alone.
        -- inode: by which a file that moved is known, NULL when not known. sidecar: mtime_ns of the side-car that was
        -- read with it, NULL without one. reader: the version of the reader that read it; a newer one reads it again.
        CREATE TABLE new_file (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            directory INTEGER NOT NULL REFERENCES directory (id),
            name TEXT NOT NULL,
            content INTEGER REFERENCES content (id),
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            inode INTEGER,
            sidecar INTEGER,
            reader INTEGER NOT NULL DEFAULT 0,
            hashed INTEGER NOT NULL DEFAULT 0 CHECK (hashed IN (0, 1)),
            added INTEGER NOT NULL,
            UNIQUE (directory, name)
        ) STRICT;
        INSERT INTO new_file (id, directory, name, content, size, mtime_ns, hashed, added)
            SELECT id, directory, name, content, size, mtime_ns, 1, added FROM file ORDER BY id;
        -- The greatest id ever used must not be forgotten with the rows that are gone.
        UPDATE sqlite_sequence SET seq = max(seq, (SELECT seq FROM sqlite_sequence WHERE name = 'file'))
            WHERE name = 'new_file' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'file');
        INSERT INTO sqlite_sequence (name, seq)
            SELECT 'new_file', seq FROM sqlite_sequence
            WHERE name = 'file' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'new_file');
        DROP TABLE file;
        ALTER TABLE new_file RENAME TO file;
        CREATE INDEX file_content ON file (content);
        CREATE INDEX file_inode ON file (inode) WHERE inode IS NOT NULL;
        CREATE INDEX file_unhashed ON file (id) WHERE hashed = 0;

        CREATE TRIGGER file_inserted AFTER INSERT ON file WHEN NEW.content IS NOT NULL BEGIN
            UPDATE content SET files = files + 1 WHERE id = NEW.content;
            UPDATE library_count SET
                files = files + 1,
                bytes = bytes + NEW.size,
                contents = contents + (SELECT files = 1 FROM content WHERE id = NEW.content);
        END;

        CREATE TRIGGER file_deleted AFTER DELETE ON file WHEN OLD.content IS NOT NULL BEGIN
            UPDATE content SET files = files - 1 WHERE id = OLD.content;
            UPDATE library_count SET
                files = files - 1,
                bytes = bytes - OLD.size,
                contents = contents - (SELECT files = 0 FROM content WHERE id = OLD.content);
        END;

        CREATE TRIGGER file_left AFTER UPDATE OF content, size ON file WHEN OLD.content IS NOT NULL BEGIN
            UPDATE content SET files = files - 1 WHERE id = OLD.content;
            UPDATE library_count SET
                files = files - 1,
                bytes = bytes - OLD.size,
                contents = contents - (SELECT files = 0 FROM content WHERE id = OLD.content);
        END;

        CREATE TRIGGER file_updated AFTER UPDATE OF content, size ON file WHEN NEW.content IS NOT NULL BEGIN
            UPDATE content SET files = files + 1 WHERE id = NEW.content;
            UPDATE library_count SET
                files = files + 1,
                bytes = bytes + NEW.size,
                contents = contents + (SELECT files = 1 FROM content WHERE id = NEW.content);
        END;
        """

    private static let tables = """
        -- kind: 1 image, 2 video, 3 sound. date: seconds since 1970. tags: ids of the automatic tags, a JSON array.
        -- edited: whether the text is a person's. searchable: whether the text index has name and text.
        -- seed: its 64 bits, so one of 2^63 and more stands below 0.
        -- directory, name and size are the file's, kept here so that a page of answers needs this table alone.
        -- The text comes last, so that the rest is read without it.
        CREATE TABLE media (
            file INTEGER PRIMARY KEY REFERENCES file (id),
            date INTEGER NOT NULL,
            kind INTEGER NOT NULL CHECK (kind IN (1, 2, 3)),
            directory INTEGER NOT NULL,
            size INTEGER NOT NULL,
            width INTEGER,
            height INTEGER,
            seed INTEGER,
            rating REAL,
            edited INTEGER NOT NULL DEFAULT 0 CHECK (edited IN (0, 1)),
            searchable INTEGER NOT NULL DEFAULT 0 CHECK (searchable IN (0, 1)),
            name TEXT NOT NULL,
            model TEXT,
            tags TEXT NOT NULL DEFAULT '[]',
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX media_date ON media (date, file);
        CREATE INDEX media_directory ON media (directory, date, file);
        CREATE INDEX media_unsearchable ON media (file) WHERE searchable = 0;

        -- type: `custom` for a person's, otherwise the category of an automatic one. count: files that have it, for
        -- automatic ones only.
        CREATE TABLE tag (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            count INTEGER NOT NULL DEFAULT 0,
            color TEXT NOT NULL DEFAULT '',
            display_name TEXT,
            UNIQUE (name, type)
        ) STRICT;
        INSERT INTO tag (id, name, type) VALUES (1, 'like', 'custom');

        CREATE TABLE custom_tag (
            file INTEGER NOT NULL REFERENCES file (id),
            tag INTEGER NOT NULL REFERENCES tag (id),
            added INTEGER NOT NULL,
            PRIMARY KEY (file, tag)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX custom_tag_tag ON custom_tag (tag);

        -- Which files have a tag, custom or automatic, in the order of their dates.
        CREATE TABLE file_tag (
            tag INTEGER NOT NULL,
            date INTEGER NOT NULL,
            file INTEGER NOT NULL,
            PRIMARY KEY (tag, date, file)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE kept_tag (
            content INTEGER NOT NULL REFERENCES content (id),
            tag INTEGER NOT NULL REFERENCES tag (id),
            added INTEGER NOT NULL,
            PRIMARY KEY (content, tag)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX kept_tag_tag ON kept_tag (tag);
        CREATE TABLE kept_text (
            content INTEGER PRIMARY KEY REFERENCES content (id),
            text TEXT NOT NULL
        ) STRICT;

        -- Holds a row while a batch links the tags of the rows it inserts by itself, all at once; never outside of its
        -- transaction.
        CREATE TABLE index_batch (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;

        -- Candidates only: who searches compares what it finds with the row itself.
        CREATE VIRTUAL TABLE media_text USING fts5 (
            name, text, content='', columnsize=0, detail=none, tokenize='trigram'
        );

        -- Those that another decoder may know one day.
        CREATE INDEX content_thumbnail_unsupported ON content (mime) WHERE thumbnail = 3;

        -- Folders that people added, with how they want to see them: a JSON array of words. folder: where such a path
        -- was when it was last there, its links resolved; NULL before.
        CREATE TABLE extra_path (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL UNIQUE,
            folder TEXT,
            types TEXT NOT NULL,
            alias TEXT NOT NULL DEFAULT ''
        ) STRICT;

        -- Grows when what was read of the directories' paths may no longer hold.
        CREATE TABLE directory_version (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            number INTEGER NOT NULL
        ) STRICT;
        INSERT INTO directory_version VALUES (1, 0);

        -- What clients keep on the server, each value a JSON text.
        CREATE TABLE client_setting (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    private static let triggers = """
        CREATE TRIGGER media_inserted AFTER INSERT ON media WHEN NOT EXISTS (SELECT 1 FROM index_batch) BEGIN
            INSERT OR IGNORE INTO file_tag SELECT value, NEW.date, NEW.file FROM json_each(NEW.tags);
            INSERT OR IGNORE INTO file_tag SELECT tag, NEW.date, NEW.file FROM custom_tag WHERE file = NEW.file;
            UPDATE tag SET count = count + 1 WHERE id IN (SELECT value FROM json_each(NEW.tags));
        END;

        CREATE TRIGGER media_deleted AFTER DELETE ON media BEGIN
            DELETE FROM file_tag WHERE date = OLD.date AND file = OLD.file AND tag IN (
                SELECT value FROM json_each(OLD.tags) UNION SELECT tag FROM custom_tag WHERE file = OLD.file
            );
            UPDATE tag SET count = count - 1 WHERE id IN (SELECT value FROM json_each(OLD.tags));
        END;

        CREATE TRIGGER media_forgotten AFTER DELETE ON media WHEN OLD.searchable = 1 BEGIN
            INSERT INTO media_text (media_text, rowid, name, text) VALUES ('delete', OLD.file, OLD.name, OLD.text);
        END;

        CREATE TRIGGER media_tagged AFTER UPDATE OF tags, date ON media
        WHEN NEW.tags <> OLD.tags OR NEW.date <> OLD.date BEGIN
            DELETE FROM file_tag WHERE date = OLD.date AND file = OLD.file AND tag IN (
                SELECT value FROM json_each(OLD.tags) UNION SELECT tag FROM custom_tag WHERE file = OLD.file
            );
            UPDATE tag SET count = count - 1 WHERE id IN (SELECT value FROM json_each(OLD.tags));
            INSERT OR IGNORE INTO file_tag SELECT value, NEW.date, NEW.file FROM json_each(NEW.tags);
            INSERT OR IGNORE INTO file_tag SELECT tag, NEW.date, NEW.file FROM custom_tag WHERE file = NEW.file;
            UPDATE tag SET count = count + 1 WHERE id IN (SELECT value FROM json_each(NEW.tags));
        END;

        CREATE TRIGGER media_reworded AFTER UPDATE OF name, text ON media
        WHEN OLD.searchable = 1 AND (NEW.name <> OLD.name OR NEW.text <> OLD.text) BEGIN
            INSERT INTO media_text (media_text, rowid, name, text) VALUES ('delete', OLD.file, OLD.name, OLD.text);
            UPDATE media SET searchable = 0 WHERE file = NEW.file;
        END;

        CREATE TRIGGER directory_moved AFTER UPDATE OF root, path ON directory BEGIN
            UPDATE directory_version SET number = number + 1;
        END;

        CREATE TRIGGER directory_removed AFTER DELETE ON directory BEGIN
            UPDATE directory_version SET number = number + 1;
        END;

        CREATE TRIGGER file_moved AFTER UPDATE OF directory, name ON file BEGIN
            UPDATE media SET directory = NEW.directory, name = NEW.name WHERE file = NEW.id;
        END;

        CREATE TRIGGER custom_tag_added AFTER INSERT ON custom_tag BEGIN
            INSERT OR IGNORE INTO file_tag SELECT NEW.tag, date, file FROM media WHERE file = NEW.file;
        END;

        CREATE TRIGGER custom_tag_removed AFTER DELETE ON custom_tag BEGIN
            DELETE FROM file_tag WHERE tag = OLD.tag AND file = OLD.file
                AND date = (SELECT date FROM media WHERE file = OLD.file)
                AND NOT EXISTS (
                    SELECT 1 FROM media, json_each(media.tags) WHERE media.file = OLD.file AND value = OLD.tag
                );
        END;

        CREATE TRIGGER tag_removed BEFORE DELETE ON tag BEGIN
            DELETE FROM custom_tag WHERE tag = OLD.id;
            DELETE FROM kept_tag WHERE tag = OLD.id;
            DELETE FROM file_tag WHERE tag = OLD.id;
        END;

        -- What a person said of a file that is gone waits with its content. Who deletes a file on purpose removes its
        -- custom tags and its edit first.
        CREATE TRIGGER file_going BEFORE DELETE ON file BEGIN
            INSERT OR IGNORE INTO kept_tag
                SELECT OLD.content, tag, added FROM custom_tag WHERE file = OLD.id AND OLD.content IS NOT NULL;
            INSERT OR REPLACE INTO kept_text
                SELECT OLD.content, text FROM media WHERE file = OLD.id AND edited = 1 AND OLD.content IS NOT NULL;
            DELETE FROM custom_tag WHERE file = OLD.id;
            DELETE FROM media WHERE file = OLD.id;
        END;
        """
}
