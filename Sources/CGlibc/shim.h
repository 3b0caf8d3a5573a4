// What Swift's Glibc module leaves out, or what glibc declares only for programs that ask for GNU extensions.
#ifdef __linux__
#include <sys/vfs.h>

int syncfs(int fd);
int gettid(void);
#endif
