// What glibc declares only for programs that ask for GNU extensions, which Swift's Glibc module does not.
#ifdef __linux__
int syncfs(int fd);
int pipe2(int pipefd[2], int flags);
#endif
