// What Swift's Glibc module leaves out, or what glibc declares only for programs that ask for GNU extensions.
#ifdef __linux__
#include <linux/stat.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>

int syncfs(int fd);
int pipe2(int pipefd[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int gettid(void);
int mallopt(int parameter, int value);
int malloc_trim(unsigned long left);
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags);
int statx(int folder, const char *path, int flags, unsigned int mask, struct statx *status);
ssize_t preadv2(int fd, const struct iovec *parts, int count, off_t offset, int flags);
long copy_file_range(int from, long *from_offset, int to, long *to_offset, unsigned long count, unsigned int flags);
// open(2): the descriptor only names a place.
enum { CGLIBC_O_PATH = 010000000 };
// renameat2(2): nothing is replaced.
enum { CGLIBC_RENAME_NOREPLACE = 1 };
// preadv2(2): only what is in memory is read.
enum { CGLIBC_READ_NOWAIT = 0x8 };
// statx(2): what is asked of a file, and that a network file system need not ask its server.
enum { CGLIBC_STATX_WANTED = STATX_BASIC_STATS | STATX_BTIME, CGLIBC_STATX_AS_KNOWN = 0x4000 };

long syscall(long number, ...);
// sched_setattr(2), which glibc declares since 2.41 only: the niceness and the slice in nanoseconds of the calling thread,
// under the usual policy.
static inline long cglibc_schedule_self(int niceness, unsigned long long slice) {
    struct {
        unsigned int size, policy;
        unsigned long long flags;
        int niceness;
        unsigned int priority;
        unsigned long long runtime, deadline, period;
    } attributes = {.size = sizeof attributes, .niceness = niceness, .runtime = slice};
    return syscall(SYS_sched_setattr, 0, &attributes, 0);
}
#endif
