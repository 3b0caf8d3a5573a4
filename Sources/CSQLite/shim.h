#include <sqlite3.h>

// sqlite3_config takes a list of any length, which Swift cannot call. Only before the first database is opened; answers
// what SQLite answers.
static inline int csqlite_configure(void) {
    // The journal of one statement goes to a file when it outgrows this, and with it those of all others up to the end of
    // their transaction: a row that splits pages in each of its indexes takes more than the usual 64 KiB. As much is asked
    // for at once for each such statement, so no more than what the allocator keeps.
    int code = sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 96 * 1024);
    // To count memory takes a lock for each piece that any thread asks for or gives back.
    return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) : code;
}
