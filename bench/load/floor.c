/*
 * floor: the least that a collector of NetFlow v5 has to do, to compare others with. It wakes for each datagram, receives with recvmmsg(2), spreads each
 * record over the 116 octets that it has in flowd's log, and writes them by the MiB. It neither decodes nor checks anything.
 *
 * usage: floor PORT FILE; ends on SIGTERM.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SLOTS = 64, LONGEST = 2048, HEADER = 24, WIRE = 48, LOG = 116, CHUNK = 1 << 20, ROOM = CHUNK + SLOTS * (LONGEST / WIRE) * LOG };

static volatile sig_atomic_t stopped;

static void
stop(int number)
{
	(void)number;
	stopped = 1;
}

int
main(int argc, char **argv)
{
	static char octets[SLOTS][LONGEST], out[ROOM];
	static struct mmsghdr headers[SLOTS];
	static struct iovec vectors[SLOTS];
	struct sockaddr_in address = { AF_INET, 0, { htonl(INADDR_LOOPBACK) }, { 0 } };
	int s = socket(AF_INET, SOCK_DGRAM, 0), size = 32 << 20, file;
	size_t length = 0;

	if (argc != 3)
		return 64;
	address.sin_port = htons((unsigned short)atoi(argv[1]));
	setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
	file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (bind(s, (struct sockaddr *)&address, sizeof address) < 0 || file < 0) {
		perror(argv[0]);
		return 1;
	}
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = stop }, NULL);
	for (int i = 0; i < SLOTS; i++) {
		vectors[i] = (struct iovec){ octets[i], LONGEST };
		headers[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1 };
	}
	while (!stopped) {
		struct pollfd poller = { s, POLLIN, 0 };
		int count = poll(&poller, 1, -1) > 0 ? recvmmsg(s, headers, SLOTS, MSG_DONTWAIT, NULL) : 0;

		for (int i = 0; i < count; i++)
			for (size_t at = HEADER; at + WIRE <= headers[i].msg_len; at += WIRE, length += LOG) {
				memcpy(out + length, octets[i] + at, WIRE);
				memset(out + length + WIRE, 0, LOG - WIRE);
			}
		if (length >= CHUNK || stopped) {
			if (write(file, out, length) < 0)
				return 1;
			length = 0;
		}
	}
	return write(file, out, length) < 0;
}
