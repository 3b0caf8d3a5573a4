// What glibc declares only for programs that ask for GNU extensions, which Swift's Glibc module does not.
#ifdef __linux__
#include <spawn.h>
int syncfs(int fd);
int pipe2(int pipefd[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int gettid(void);
#endif
