/* Listener socket for attaching from another process. Used only by images that enable that feature; not tested. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

void svm_attach_startup(const char *path) {
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode)) unlink(path); /* left over from an earlier process */
}

void svm_attach_listener_cleanup(int fd, const char *path) {
    if (fd >= 0) {
        shutdown(fd, SHUT_RDWR);
        close(fd);
    }
    if (path != NULL && *path != 0) unlink(path);
}

int svm_attach_check_socket_file(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

int svm_attach_is_init_trigger(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && st.st_uid == geteuid();
}

int svm_attach_create_listener(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return -1;
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    unlink(path);
    if (bind(fd, (struct sockaddr *) &address, sizeof address) != 0 || chmod(path, S_IRUSR | S_IWUSR) != 0 || listen(fd, 5) != 0) {
        close(fd);
        unlink(path);
        return -1;
    }
    return fd;
}

/* The next connection of the same user or of root, or -1 when the listener is shut. */
int svm_attach_wait_for_request(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            return -1;
        }
        struct ucred peer;
        socklen_t size = sizeof peer;
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && (peer.uid == 0 || peer.uid == geteuid())) return fd;
        close(fd);
    }
}

void svm_attach_shutdown_socket(int fd) { shutdown(fd, SHUT_RDWR); }
