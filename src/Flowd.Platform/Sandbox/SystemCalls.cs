using static Flowd.Platform.Condition;
using static Flowd.Platform.Roles;

namespace Flowd.Platform;

/// <summary>
/// The system calls that a confined process may make: the whole list, in one table to review. What is not here kills the process. It was found by
/// watching the programs (strace) through every test of the daemon; where the reason is a library's other version or another machine, it says so.
/// </summary>
internal static class SystemCalls
{
    private const uint PROT_EXEC = 4;
    private const uint AT_EMPTY_PATH = 0x1000;
    private const uint CLONE_THREAD = 0x10000;
    private const uint FIONREAD = 0x541B;
    private const uint FIONBIO = 0x5421;
    private const uint F_GETFD = 1;
    private const uint F_SETFD = 2;
    private const uint F_GETFL = 3;
    private const uint F_SETFL = 4;

    private const uint Channel = MessageChannel.ChildDescriptor;

    private static readonly Outcome Allow = Outcome.Allow;
    private static readonly Outcome Denied = new(Libc.EPERM);
    private static readonly Outcome Invalid = new(Libc.EINVAL);
    private static readonly Outcome Forbidden = new(Libc.EACCES);
    private static readonly Outcome NotFound = new(Libc.ENOENT);
    private static readonly Outcome NotThere = new(Libc.ENOSYS);
    private static readonly Outcome NotOpen = new(Libc.EBADF);

    public static readonly SystemCall[] Table =
    [
        // name, x86-64, arm64, who, what becomes of it, why, if

        // Descriptors that the process was given.
        new("recvmmsg",         299, 243, Worker,   Allow,     "datagrams"),
        new("write",              1,  64, All,      Allow,     "messages, a log that is a pipe, wake-ups of a thread pool"),
        new("pwrite64",          18,  68, All,      Allow,     "the log, the normal form, shared counters"),
        new("pread64",           17,  67, All,      Allow,     "the configuration, the end of a log, shared counters"),
        new("read",               0,  63, All,      Allow,     "the configuration from a pipe, /dev/urandom, wake-ups of a thread pool"),
        new("fstat",              5,  80, All,      Allow,     "the length of the log"),
        new("newfstatat",       262,  79, All,      Allow,     "fstat of glibc before 2.39", Is(3, AT_EMPTY_PATH)),
        new("newfstatat",       262,  79, All,      NotFound,  "stat: there is no file"),
        new("stat",               4,  -1, Tcp,      NotFound,  "the class library looks for stores of certificates that users have"),
        new("lstat",              6,  -1, Tcp,      NotFound,  "the same, and the class library reads certificates from links as well"),
        new("statx",            332, 291, Worker,   Allow,     "whether the log was removed", Is(2, AT_EMPTY_PATH)),
        new("lseek",              8,  62, All,      Allow,     "whether a descriptor is a file or a pipe"),
        new("ftruncate",         77,  46, Writers,  Allow,     "takes a torn record back from the log"),
        new("fcntl",             72,  25, Worker,   Allow,     "turns of several workers at a log", Is(1, Libc.F_SETLKW)),
        new("fsync",             74,  82, Writers,  Allow,     "the log, at the end and as often as it is wanted"),
        new("close",              3,  57, Confined, NotOpen,   "else another descriptor could take the channel's number", Is(0, Channel)),
        new("close",              3,  57, All,      Allow,     "what was given and is not needed any more"),
        new("poll",               7,  -1, All,      Allow,     "waits for datagrams and for the monitor"),
        new("ppoll",            271,  73, All,      Allow,     "poll on arm64"),
        new("sendto",            44, 206, Worker,   Allow,     "log socket and forward targets, which are connected: nobody else gets anything", Null(4)),
        new("sendmsg",           46, 211, Confined, Allow,     "the monitor", Is(0, Channel)),
        new("recvmsg",           47, 212, Confined, Allow,     "the monitor", Is(0, Channel)),

        new("getsockopt",        55, 209, Worker,   Allow,     "the receive buffers that the kernel granted, for the metrics", Is(1, Libc.SOL_SOCKET), Is(2, Libc.SO_RCVBUF)),

        // Memory, of which nothing is ever executed.
        new("mmap",               9, 222, All,      Allow,     "memory of the garbage collector and of malloc, shared counters", Without(2, PROT_EXEC)),
        new("mprotect",          10, 226, All,      Allow,     "the garbage collector commits memory", Without(2, PROT_EXEC)),
        new("munmap",            11, 215, All,      Allow,     "memory given back"),
        new("madvise",           28, 233, All,      Allow,     "memory given back"),
        new("mremap",            25, 216, All,      Allow,     "realloc of large blocks"),
        new("brk",               12, 214, All,      Allow,     "malloc"),
        new("membarrier",       324, 283, All,      Allow,     "the garbage collector stops threads"),
        new("sysinfo",           99, 179, All,      Allow,     "the garbage collector asks how much memory is free"),
        new("prlimit64",        302, 261, All,      Allow,     "the garbage collector asks for the limit of memory; no limit is set", Is(0, 0), Null(2)),
        new("openat",           257,  56, All,      NotFound,  "the garbage collector looks for /proc/meminfo each time, and does without"),

        // Threads and their end.
        new("futex",            202,  98, All,      Allow,     "locks"),
        new("sched_yield",       24, 124, All,      Allow,     "locks that spin"),
        new("sched_getaffinity", 204, 123, All,     Allow,     "how many processors there are"),
        new("getcpu",           309, 168, All,      Allow,     "allocation by processor, where the vDSO does not have it"),
        new("rt_sigaction",      13, 134, All,      Allow,     "SIGXFSZ is ignored; abort"),
        new("rt_sigprocmask",    14, 135, All,      Allow,     "a thread is about to start or to abort"),
        new("rt_sigreturn",      15, 139, All,      Allow,     "the end of a signal handler: the garbage collector interrupts threads so"),
        new("tgkill",           234, 131, All,      Allow,     "the garbage collector interrupts threads; abort", OwnProcess(0)),
        new("getpid",            39, 172, All,      Allow,     "for tgkill, and for messages to syslogd"),
        new("gettid",           186, 178, All,      Allow,     "for tgkill, and for locks"),
        new("clone3",           435, 435, Confined, Denied,    "a thread is refused, with an exception"),
        new("clone3",           435, 435, Servers,  NotThere,  "its flags cannot be seen; the C library takes clone instead"),
        new("clone",             56, 220, Servers,  Allow,     "threads, never processes", With(0, CLONE_THREAD)),
        new("restart_syscall",  219, 128, All,      Allow,     "the kernel resumes a wait after SIGSTOP"),
        new("exit",              60,  93, All,      Allow,     "the end of a thread"),
        new("exit_group",       231,  94, All,      Allow,     "the end"),

        // Time. The first four are in the vDSO, as a rule.
        new("clock_gettime",    228, 113, All,      Allow,     "the time"),
        new("gettimeofday",      96, 169, All,      Allow,     "the time"),
        new("time",             201,  -1, All,      Allow,     "the time"),
        new("clock_getres",     229, 114, All,      Allow,     "how exact it is"),
        new("clock_nanosleep",  230, 115, All,      Allow,     "the rest between two wake-ups"),
        new("nanosleep",         35, 101, All,      Allow,     "the same in other C libraries"),
        new("getrandom",        318, 278, All,      Allow,     "secrets of hash codes; malloc"),
        new("getrusage",         98, 165, All,      Allow,     "the thread pool asks how busy the process is"),

        // The servers: connections are taken, none is made. They have no way to an address: MSG_FASTOPEN would be one.
        new("listen",            50, 201, Servers,  Allow,     "the server says it again of the socket that it was given; no other can be bound"),
        new("accept4",          288, 242, Servers,  Allow,     "a client"),
        new("recvmsg",           47, 212, Servers,  Allow,     "requests; the monitor"),
        new("sendmsg",           46, 211, Servers,  Allow,     "replies; the monitor", Without(2, Libc.MSG_FASTOPEN)),
        new("recvfrom",          45, 207, Servers,  Allow,     "requests"),
        new("sendto",            44, 206, Servers,  Allow,     "replies", Null(4), Without(3, Libc.MSG_FASTOPEN)),
        new("readv",             19,  65, Servers,  Allow,     "requests"),
        new("writev",            20,  66, Servers,  Allow,     "replies"),
        new("shutdown",          48, 210, Servers,  Allow,     "the end of a connection"),
        new("getsockname",       51, 204, Servers,  Allow,     "what the listening socket is bound to"),
        new("getpeername",       52, 205, Servers,  Allow,     "who the client is"),
        new("getsockopt",        55, 209, Servers,  Allow,     "what kind of socket was given, errors"),
        new("setsockopt",        54, 208, Servers,  Invalid,   "no close may wait for a client; after this answer, and hardly any other, the class library closes", Is(1, Libc.SOL_SOCKET), Is(2, Libc.SO_LINGER)),
        new("setsockopt",        54, 208, Servers,  Allow,     "TCP_NODELAY and the like"),
        new("connect",           42, 203, Servers,  Forbidden, "the class library breaks a connection so that it closes in the midst of something, and takes shutdown instead"),
        new("socket",            41, 198, Servers,  Forbidden, "the class library tries whether there is IPv6, and takes this for yes"),
        new("ioctl",             16,  29, Servers,  Allow,     "octets that wait; non-blocking sockets", Is(1, FIONREAD, FIONBIO)),
        new("fcntl",             72,  25, Servers,  Allow,     "non-blocking, close-on-exec", Is(1, F_GETFD, F_SETFD, F_GETFL, F_SETFL)),
        new("epoll_create1",    291,  20, Servers,  Allow,     "events of sockets"),
        new("epoll_ctl",        233,  21, Servers,  Allow,     "events of sockets"),
        new("epoll_wait",       232,  -1, Servers,  Allow,     "events of sockets"),
        new("epoll_pwait",      281,  22, Servers,  Allow,     "epoll_wait on arm64"),
        new("eventfd2",         290,  19, Servers,  Allow,     "wake-ups"),
        new("pipe2",            293,  59, Servers,  Allow,     "signals, as the class library handles them"),
        new("socketpair",        53, 199, Servers,  Allow,     "wake-ups", Is(0, Libc.AF_UNIX)),
        new("prctl",            157, 167, Servers,  Allow,     "names of threads", Is(0, Libc.PR_SET_NAME)),
        new("set_robust_list",  273,  99, Servers,  Allow,     "the start of a thread"),
        new("rseq",             334, 293, Servers,  Allow,     "the start of a thread"),
        new("sigaltstack",      131, 132, Servers,  Allow,     "the start of a thread: where an overflow of its stack is reported"),
        new("sched_setaffinity", 203, 122, Servers, Denied,    "threads run where they like"),
    ];
}
