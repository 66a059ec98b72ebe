/* Lets a call of a program to the file system fail, or ends the program there, or has something happen just before it.
 *
 * Loaded with LD_PRELOAD. Counts the calls that change what is under FAULT_UNDER (create, write, rename, link, unlink, mkdir,
 * rmdir, sync, truncate, chmod), from 1. At the FAULT_AT-th it does FAULT_DO:
 *
 *   kill         ends the process with SIGKILL
 *   fail N       lets the call fail with the error number N
 *   full N       the same, and all later calls that need room
 *   run COMMAND  runs a command, and lets the call go on; `always COMMAND` does so at all later calls too
 *   then N COMMAND
 *                runs a command, lets the call go on, and ends the process at the Nth call after it
 *
 * FAULT_CALL counts calls of one name alone. Once it has happened, the name and the path are in the file FAULT_LOG. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long count, since;
static atomic_int happened;

/* The whole path of a name in an open folder, or of an open file. */
static const char *whole(int folder, const char *name, char *path) {
    size_t length = 0;
    if (name == NULL || name[0] != '/') {
        if (folder == AT_FDCWD) {
            if (getcwd(path, 4096) != NULL) length = strlen(path);
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t read = readlink(link, path, 4000);
            length = read < 0 ? 0 : (size_t)read;
        }
        path[length] = 0;
    }
    if (name != NULL) {
        while (strncmp(name, "./", 2) == 0) name += 2;
        snprintf(path + length, 4096 - length, length ? "/%s" : "%s", name);
    }
    return path;
}

static void end(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* Whether the call is to fail now; errno says how. */
static int fault(const char *call, int folder, const char *name, int needs_room) {
    const char *under = getenv("FAULT_UNDER"), *at = getenv("FAULT_AT"), *what = getenv("FAULT_DO");
    const char *only = getenv("FAULT_CALL"), *log = getenv("FAULT_LOG");
    char buffer[4200];
    if (under == NULL || at == NULL || what == NULL) return 0;
    int saved = errno;
    const char *path = whole(folder, name, buffer);
    errno = saved;
    if (strncmp(path, under, strlen(under)) != 0) return 0;
    if (happened && needs_room && strncmp(what, "full ", 5) == 0) {
        errno = atoi(what + 5);
        return 1;
    }
    if (happened && strncmp(what, "then ", 5) == 0 && atomic_fetch_add(&since, 1) + 1 == atol(what + 5)) end();
    if (only != NULL && strcmp(only, call) != 0) return 0;
    long nth = atomic_fetch_add(&count, 1) + 1;
    if (strncmp(what, "always ", 7) == 0 ? nth < atol(at) : nth != atol(at)) return 0;
    happened = 1;
    if (log != NULL) {
        int file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        char line[4400];
        int length = snprintf(line, sizeof line, "%s %s\n", call, path);
        syscall(SYS_write, file, line, (size_t)length);
        syscall(SYS_close, file);
    }
    if (strcmp(what, "kill") == 0) end();
    int is_then = strncmp(what, "then ", 5) == 0;
    if (is_then || strncmp(what, "run ", 4) == 0 || strncmp(what, "always ", 7) == 0) {
        unsetenv("LD_PRELOAD");
        if (system(strchr(what + (is_then ? 5 : 0), ' ') + 1) != 0) abort();
        errno = saved;
        return 0;
    }
    errno = atoi(what + 5);
    return 1;
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define OPEN(function)                                                                                              \
    int function(const char *path, int flags, ...) {                                                                \
        va_list rest;                                                                                               \
        va_start(rest, flags);                                                                                      \
        mode_t mode = va_arg(rest, mode_t);                                                                         \
        va_end(rest);                                                                                               \
        int changes = (flags & (O_CREAT | O_TRUNC)) || (flags & O_ACCMODE) != O_RDONLY;                             \
        if (changes && fault("open", AT_FDCWD, path, 1)) return -1;                                                 \
        REAL(function);                                                                                             \
        return real(path, flags, mode);                                                                             \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(function)                                                                                            \
    int function(int folder, const char *path, int flags, ...) {                                                    \
        va_list rest;                                                                                               \
        va_start(rest, flags);                                                                                      \
        mode_t mode = va_arg(rest, mode_t);                                                                         \
        va_end(rest);                                                                                               \
        int changes = (flags & (O_CREAT | O_TRUNC)) || (flags & O_ACCMODE) != O_RDONLY;                             \
        if (changes && fault("open", folder, path, 1)) return -1;                                                   \
        REAL(function);                                                                                             \
        return real(folder, path, flags, mode);                                                                     \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int file, const void *bytes, size_t size) {
    if (file > 2 && fault("write", file, NULL, 1)) return -1;
    REAL(write);
    return real(file, bytes, size);
}

#define CALL(function, name, folder, path, room, arguments, ...)                                                    \
    int function arguments {                                                                                        \
        if (fault(name, folder, path, room)) return -1;                                                             \
        REAL(function);                                                                                             \
        return real(__VA_ARGS__);                                                                                   \
    }
CALL(rename, "rename", AT_FDCWD, to, 1, (const char *from, const char *to), from, to)
CALL(renameat, "rename", two, to, 1, (int one, const char *from, int two, const char *to), one, from, two, to)
CALL(renameat2, "exchange", two, to, 1, (int one, const char *from, int two, const char *to, unsigned flags), one, from, two, to, flags)
CALL(link, "link", AT_FDCWD, to, 1, (const char *from, const char *to), from, to)
CALL(linkat, "link", two, to, 1, (int one, const char *from, int two, const char *to, int flags), one, from, two, to, flags)
CALL(unlink, "unlink", AT_FDCWD, path, 0, (const char *path), path)
CALL(unlinkat, "unlink", folder, path, 0, (int folder, const char *path, int flags), folder, path, flags)
CALL(mkdir, "mkdir", AT_FDCWD, path, 1, (const char *path, mode_t mode), path, mode)
CALL(mkdirat, "mkdir", folder, path, 1, (int folder, const char *path, mode_t mode), folder, path, mode)
CALL(rmdir, "rmdir", AT_FDCWD, path, 0, (const char *path), path)
CALL(fsync, "sync", file, NULL, 1, (int file), file)
CALL(fdatasync, "sync", file, NULL, 1, (int file), file)
CALL(syncfs, "sync", file, NULL, 1, (int file), file)
CALL(ftruncate64, "truncate", file, NULL, 1, (int file, off64_t size), file, size)
CALL(ftruncate, "truncate", file, NULL, 1, (int file, off_t size), file, size)
CALL(chmod, "chmod", AT_FDCWD, path, 0, (const char *path, mode_t mode), path, mode)
