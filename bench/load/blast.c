/*
 * blast: flow exports at a steady rate, over loopback, from as many exporters as wanted.
 *
 * usage: blast netflow5|netflow9|ipfix|sflow PORT DATAGRAMS RATE [EXPORTERS [TEMPLATES]]
 *
 * RATE is datagrams a second in all; 0 is as fast as the kernel takes them. Exporters have the addresses 127.1.0.1 and up and take turns; each has TEMPLATES
 * templates of one layout, used in turn. A datagram has 30 (v5), 24 (v9, IPFIX) or 7 (sFlow) records, of which each field is noise within what a network
 * could send; sequence numbers are right. Prints what was sent: datagrams, records, seconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { MOST = 1472, VARIANTS = 64, BATCH = 64, MOST_TEMPLATES = 60, TEMPLATE_EVERY = 200 };

struct datagram {
	size_t length;
	uint8_t octets[MOST];
};

struct protocol {
	const char *name;
	unsigned records;
	unsigned sequence_step; /* of one datagram */
	size_t sequence_at;
	size_t set_at; /* where the id of the data set stands; 0: none */
	void (*make)(struct datagram *);
};

static uint64_t state = 0x9E3779B97F4A7C15u;

static uint32_t
noise(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % below;
}

static void
put(struct datagram *d, uint64_t number, int octets)
{
	while (octets-- > 0)
		d->octets[d->length++] = (uint8_t)(number >> (8 * octets));
}

static void
put_address(struct datagram *d)
{
	put(d, 0x0A000000u | noise(1 << 18), 4);
}

static void
make_netflow5(struct datagram *d)
{
	put(d, 5, 2), put(d, 30, 2), put(d, 7200000, 4), put(d, (uint64_t)time(NULL), 4), put(d, 0, 12);
	for (int i = 0; i < 30; i++) {
		uint32_t packets = 1 + noise(300), start = 7100000 + noise(60000);

		put_address(d), put_address(d), put(d, 0x0A0000FE, 4);
		put(d, 1 + noise(64), 2), put(d, 1 + noise(64), 2);
		put(d, packets, 4), put(d, packets * (64 + noise(1300)), 4);
		put(d, start, 4), put(d, start + noise(40000), 4);
		put(d, 1024 + noise(60000), 2), put(d, noise(2) ? 443 : 53, 2);
		put(d, 0, 1), put(d, noise(64), 1), put(d, noise(4) ? 6 : 17, 1), put(d, 0, 1);
		put(d, 64512 + noise(1000), 2), put(d, 64512 + noise(1000), 2), put(d, 24, 1), put(d, 16, 1), put(d, 0, 2);
	}
}

/* Elements of the template, with their lengths; put_record() writes the same. */
static const uint16_t fields[][2] = {
	{ 8, 4 }, { 12, 4 }, { 15, 4 }, { 10, 4 }, { 14, 4 }, { 2, 4 }, { 1, 4 }, { 22, 4 }, { 21, 4 }, { 7, 2 }, { 11, 2 }, { 4, 1 }, { 6, 1 }, { 5, 1 },
	{ 9, 1 }, { 13, 1 }, { 16, 4 }, { 17, 4 }, { 61, 1 },
};
enum { FIELDS = sizeof fields / sizeof fields[0], SET_RECORDS = 24 };

static void
put_record(struct datagram *d)
{
	uint32_t packets = 1 + noise(300), start = 7100000 + noise(60000);

	put_address(d), put_address(d), put(d, 0x0A0000FE, 4), put(d, 1 + noise(64), 4), put(d, 1 + noise(64), 4);
	put(d, packets, 4), put(d, packets * (64 + noise(1300)), 4), put(d, start, 4), put(d, start + noise(40000), 4);
	put(d, 1024 + noise(60000), 2), put(d, noise(2) ? 443 : 53, 2), put(d, noise(4) ? 6 : 17, 1), put(d, noise(64), 1), put(d, 0, 1);
	put(d, 24, 1), put(d, 16, 1), put(d, 64512 + noise(1000), 4), put(d, 64512 + noise(1000), 4), put(d, noise(2), 1);
}

static void
put_set(struct datagram *d)
{
	size_t length_at = d->length + 2;

	put(d, 256, 2), put(d, 0, 2);
	for (int i = 0; i < SET_RECORDS; i++)
		put_record(d);
	while (d->length % 4)
		put(d, 0, 1);
	d->octets[length_at] = (uint8_t)((d->length - length_at + 2) >> 8);
	d->octets[length_at + 1] = (uint8_t)(d->length - length_at + 2);
}

static void
make_netflow9(struct datagram *d)
{
	put(d, 9, 2), put(d, SET_RECORDS, 2), put(d, 7200000, 4), put(d, (uint64_t)time(NULL), 4), put(d, 0, 4), put(d, 7, 4);
	put_set(d);
}

static void
make_ipfix(struct datagram *d)
{
	put(d, 10, 2), put(d, 0, 2), put(d, (uint64_t)time(NULL), 4), put(d, 0, 4), put(d, 7, 4);
	put_set(d);
	d->octets[2] = (uint8_t)(d->length >> 8);
	d->octets[3] = (uint8_t)d->length;
}

/* Headers of sampled Ethernet frames of TCP or UDP over IPv4, 128 octets of each. */
static void
make_sflow(struct datagram *d)
{
	put(d, 5, 4), put(d, 1, 4), put(d, 0x7F000001, 4), put(d, 0, 4), put(d, 0, 4), put(d, 7200000, 4), put(d, 7, 4);
	for (int i = 0; i < 7; i++) {
		uint32_t length = 64 + noise(1400);
		size_t end;

		put(d, 1, 4), put(d, 32 + 8 + 16 + 128, 4);
		put(d, noise(1 << 30), 4), put(d, 3, 4), put(d, 512, 4), put(d, noise(1 << 30), 4), put(d, 0, 4), put(d, 1 + noise(64), 4), put(d, 1 + noise(64), 4), put(d, 1, 4);
		put(d, 1, 4), put(d, 16 + 128, 4), put(d, 1, 4), put(d, length, 4), put(d, 4, 4), put(d, 128, 4);
		end = d->length + 128;
		put(d, 0x020000000001, 6), put(d, 0x020000000002, 6), put(d, 0x0800, 2);
		put(d, 0x4500, 2), put(d, length - 14, 2), put(d, 0, 4), put(d, 0x4006, 2), put(d, 0, 2), put_address(d), put_address(d);
		put(d, 1024 + noise(60000), 2), put(d, 443, 2), put(d, noise(1 << 30), 4), put(d, noise(1 << 30), 4), put(d, 0x5018, 2);
		while (d->length < end)
			put(d, noise(256), 1);
	}
}

static const struct protocol protocols[] = {
	{ "netflow5", 30, 30, 16, 0, make_netflow5 },
	{ "netflow9", SET_RECORDS, 1, 12, 20, make_netflow9 },
	{ "ipfix", SET_RECORDS, SET_RECORDS, 8, 16, make_ipfix },
	{ "sflow", 7, 1, 16, 0, make_sflow },
};

static void
patch(uint8_t *octets, uint32_t number, int length)
{
	for (int i = 0; i < length; i++)
		octets[i] = (uint8_t)(number >> (8 * (length - 1 - i)));
}

/* All templates of an exporter, as a message of its own without data. */
static void
make_templates(struct datagram *d, const struct protocol *p, unsigned first, unsigned count)
{
	size_t size = 4 + 4 * FIELDS;
	int ipfix = p->set_at == 16;

	d->length = 0;
	put(d, ipfix ? 10 : 9, 2), put(d, ipfix ? p->set_at + 4 + size * count : count, 2);
	if (!ipfix)
		put(d, 7200000, 4);
	put(d, (uint64_t)time(NULL), 4), put(d, 0, 4), put(d, 7, 4);
	put(d, ipfix ? 2 : 0, 2), put(d, 4 + size * count, 2);
	for (unsigned t = 0; t < count; t++) {
		put(d, 256 + first + t, 2), put(d, FIELDS, 2);
		for (unsigned i = 0; i < FIELDS; i++)
			put(d, fields[i][0], 2), put(d, fields[i][1], 2);
	}
}

struct message {
	struct iovec octets;
	char control[CMSG_SPACE(sizeof(struct in_pktinfo))];
	struct datagram copy;
};

static struct datagram variants[VARIANTS];
static struct message messages[BATCH];
static struct mmsghdr headers[BATCH];
static struct sockaddr_in target;

static void
address_message(int i, unsigned exporter)
{
	struct msghdr *header = &headers[i].msg_hdr;
	struct cmsghdr *control;
	struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl(0x7F010001 + exporter) };

	messages[i].octets.iov_base = messages[i].copy.octets;
	messages[i].octets.iov_len = messages[i].copy.length;
	*header = (struct msghdr){ &target, sizeof target, &messages[i].octets, 1, messages[i].control, sizeof messages[i].control, 0 };
	control = CMSG_FIRSTHDR(header);
	control->cmsg_level = IPPROTO_IP;
	control->cmsg_type = IP_PKTINFO;
	control->cmsg_len = CMSG_LEN(sizeof info);
	memcpy(CMSG_DATA(control), &info, sizeof info);
}

static void
send_all(int s, int count)
{
	for (int sent = 0; sent < count;) {
		int n = sendmmsg(s, headers + sent, (unsigned)(count - sent), 0);

		if (n > 0)
			sent += n;
		else if (errno != ENOBUFS && errno != ECONNREFUSED && errno != EINTR) {
			perror("sendmmsg");
			exit(1);
		}
	}
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int
main(int argc, char **argv)
{
	const struct protocol *p = NULL;
	unsigned long datagrams, sent = 0;
	unsigned exporters, templates;
	uint32_t *sequences;
	double rate, start;
	int s, size = 8 << 20;

	for (size_t i = 0; argc > 1 && i < sizeof protocols / sizeof protocols[0]; i++)
		if (strcmp(argv[1], protocols[i].name) == 0)
			p = &protocols[i];
	if (p == NULL || argc < 5) {
		fprintf(stderr, "usage: blast netflow5|netflow9|ipfix|sflow PORT DATAGRAMS RATE [EXPORTERS [TEMPLATES]]\n");
		return 64;
	}
	target = (struct sockaddr_in){ AF_INET, htons((uint16_t)atoi(argv[2])), { htonl(INADDR_LOOPBACK) }, { 0 } };
	datagrams = strtoul(argv[3], NULL, 10);
	rate = atof(argv[4]);
	exporters = argc > 5 ? (unsigned)atoi(argv[5]) : 1;
	templates = argc > 6 ? (unsigned)atoi(argv[6]) : 1;
	if (exporters < 1 || templates < 1 || (sequences = calloc(exporters, sizeof *sequences)) == NULL)
		return 64;
	for (int i = 0; i < VARIANTS; i++)
		p->make(&variants[i]);
	s = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(s, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);

	start = now();
	while (sent < datagrams) {
		unsigned long due = rate > 0 ? (unsigned long)((now() - start) * rate) + 1 : sent + BATCH;
		int count = 0;

		if (due > datagrams)
			due = datagrams;
		for (; sent < due && count < BATCH; sent++) {
			unsigned exporter = (unsigned)(sent % exporters);
			unsigned long turn = sent / exporters;

			if (p->set_at && turn % TEMPLATE_EVERY == 0) {
				for (unsigned first = 0; first < templates; first += MOST_TEMPLATES / 4) {
					unsigned some = templates - first < MOST_TEMPLATES / 4 ? templates - first : MOST_TEMPLATES / 4;

					send_all(s, count);
					count = 0;
					make_templates(&messages[0].copy, p, first, some);
					patch(messages[0].copy.octets + p->sequence_at, sequences[exporter], 4);
					sequences[exporter] += p->sequence_step == 1;
					address_message(0, exporter);
					send_all(s, 1);
				}
			}
			memcpy(&messages[count].copy, &variants[sent % VARIANTS], sizeof variants[0]);
			patch(messages[count].copy.octets + p->sequence_at, sequences[exporter], 4);
			sequences[exporter] += p->sequence_step;
			if (p->set_at)
				patch(messages[count].copy.octets + p->set_at, 256 + (uint32_t)(turn % templates), 2);
			address_message(count++, exporter);
		}
		send_all(s, count);
		if (rate > 0 && sent < datagrams) {
			struct timespec pause = { 0, 200000 };

			nanosleep(&pause, NULL);
		}
	}
	printf("%lu %lu %.3f\n", sent, sent * p->records, now() - start);
	return 0;
}
