import GRDB

/// The tables of what people said of files that no content tells of: those that went before they were hashed, broken
/// ones, and those that an editor put aside.
///
/// `kept_file` is for the former what `kept_tag` and `kept_text` are for contents (``IndexSchema``): the file is known
/// again by its number on the disk, its path, or its size, time and name.
enum KeptSchema {
    static func create(_ database: Database) throws {
        try database.execute(sql: tables)
        try database.execute(sql: triggers)
        try database.execute(sql: leftOut)
    }

    /// The absolute path of a directory, of the joined tables `library_root` and `directory`; empty for `/`.
    static let folder = """
        rtrim(library_root.path, '/') || CASE directory.path WHEN '' THEN '' ELSE '/' || directory.path END
        """

    private static let tables = """
        -- file: the id that it had. folder: absolute. by_name: 1 for a broken file, which is known by its name alone, so
        -- that whatever comes to its path has its tags; another must have its size as well. text: a person's, or NULL.
        CREATE TABLE kept_file (
            file INTEGER PRIMARY KEY,
            folder TEXT NOT NULL,
            name TEXT NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            inode INTEGER,
            by_name INTEGER NOT NULL CHECK (by_name IN (0, 1)),
            text TEXT
        ) STRICT;
        CREATE INDEX kept_file_path ON kept_file (folder, name);
        CREATE INDEX kept_file_look ON kept_file (size, mtime_ns, name);
        CREATE INDEX kept_file_inode ON kept_file (inode) WHERE inode IS NOT NULL;

        CREATE TABLE kept_file_tag (
            file INTEGER NOT NULL REFERENCES kept_file (file) ON DELETE CASCADE,
            tag INTEGER NOT NULL REFERENCES tag (id),
            added INTEGER NOT NULL,
            PRIMARY KEY (file, tag)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX kept_file_tag_tag ON kept_file_tag (tag);

        -- The picture's name that a file had before it got one that is no picture's, as editors name what they replace:
        -- the next file of that name has its tags too. last: the greatest id that any file had then.
        CREATE TABLE replaced_name (
            file INTEGER PRIMARY KEY REFERENCES file (id) ON DELETE CASCADE,
            directory INTEGER NOT NULL REFERENCES directory (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            last INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX replaced_name_path ON replaced_name (directory, name);
        """

    private static let triggers = """
        DROP TRIGGER tag_removed;
        CREATE TRIGGER tag_removed BEFORE DELETE ON tag BEGIN
            DELETE FROM custom_tag WHERE tag = OLD.id;
            DELETE FROM kept_tag WHERE tag = OLD.id;
            DELETE FROM kept_file_tag WHERE tag = OLD.id;
            DELETE FROM file_tag WHERE tag = OLD.id;
        END;

        -- What a person said of a file that is gone waits with its content, and with the file itself when that content is
        -- not known, or not the present one. Who deletes a file on purpose removes its custom tags and its edit first.
        -- A row whose path another has now (Store.move) has its name behind a colon.
        DROP TRIGGER file_going;
        CREATE TRIGGER file_going BEFORE DELETE ON file BEGIN
            INSERT OR IGNORE INTO kept_tag
                SELECT OLD.content, tag, added FROM custom_tag WHERE file = OLD.id AND OLD.content IS NOT NULL;
            INSERT OR REPLACE INTO kept_text
                SELECT OLD.content, text FROM media WHERE file = OLD.id AND edited = 1 AND OLD.content IS NOT NULL;
            INSERT OR REPLACE INTO kept_file
                SELECT OLD.id, \(folder),
                    CASE substr(OLD.name, 1, 1) WHEN '/' THEN substr(OLD.name, instr(OLD.name, ':') + 1) ELSE OLD.name END,
                    OLD.size, OLD.mtime_ns, OLD.inode, OLD.content IS NULL AND OLD.hashed,
                    (SELECT text FROM media WHERE file = OLD.id AND edited = 1)
                FROM directory JOIN library_root ON library_root.id = directory.root
                WHERE (OLD.content IS NULL OR OLD.hashed = 0) AND directory.id = OLD.directory
                    AND (EXISTS (SELECT 1 FROM custom_tag WHERE file = OLD.id)
                        OR EXISTS (SELECT 1 FROM media WHERE file = OLD.id AND edited = 1));
            INSERT OR IGNORE INTO kept_file_tag
                SELECT OLD.id, tag, added FROM custom_tag
                WHERE (OLD.content IS NULL OR OLD.hashed = 0) AND file = OLD.id;
            DELETE FROM custom_tag WHERE file = OLD.id;
            DELETE FROM media WHERE file = OLD.id;
        END;
        """

    /// Files that earlier versions kept in the index when they got a hidden name: no scan takes such in, or away.
    private static let leftOut = """
        DELETE FROM file WHERE id IN (
            SELECT file.id FROM file JOIN directory ON directory.id = file.directory
            WHERE substr(file.name, 1, 1) = '.' OR '/' || directory.path LIKE '%/.%'
        );
        DELETE FROM directory WHERE '/' || path LIKE '%/.%';
        """
}
