// What Swift's Glibc module leaves out, or what glibc declares only for programs that ask for GNU extensions.
#ifdef __linux__
#include <spawn.h>
#include <sys/vfs.h>

int syncfs(int fd);
int pipe2(int pipefd[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int gettid(void);
#endif
