using System;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>What a receive on a <see cref="MessageChannel"/> brought.</summary>
public enum ChannelStatus
{
    Message,

    /// <summary>Nothing is waiting.</summary>
    Empty,

    /// <summary>The peer is gone.</summary>
    Closed,

    /// <summary>Longer than the longest message, or more descriptors than one: the peer breaks the rules.</summary>
    Malformed,
}

/// <summary>
/// One end of an AF_UNIX SOCK_SEQPACKET pair: whole messages, each with at most one descriptor (SCM_RIGHTS). Children find theirs at
/// descriptor <see cref="ChildDescriptor"/>.
/// </summary>
public sealed unsafe class MessageChannel(SafeFileHandle handle) : IDisposable
{
    /// <summary>Where a child finds its end.</summary>
    public const int ChildDescriptor = 3;

    private const int ControlLength = 32; // CMSG_SPACE(sizeof(int)) is 24

    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(5);

    public SafeFileHandle Handle => handle;

    /// <summary>The end that the parent of this process gave it.</summary>
    public static MessageChannel OfChild() => new(new SafeFileHandle(ChildDescriptor, ownsHandle: true));

    public static (MessageChannel Parent, MessageChannel Child) Pair()
    {
        int* pair = stackalloc int[2];
        Libc.Check(Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0, pair));
        var parent = new MessageChannel(new SafeFileHandle(pair[0], ownsHandle: true));
        parent.LimitSendTime();
        return (parent, new MessageChannel(new SafeFileHandle(pair[1], ownsHandle: true)));
    }

    /// <summary>Sends one message; false if the peer is gone, or does not read for five seconds.</summary>
    public bool TrySend(ReadOnlySpan<byte> message, SafeFileHandle? attached = null)
    {
        byte* control = stackalloc byte[ControlLength];
        fixed (byte* start = message)
        {
            var vector = new Libc.iovec { iov_base = start, iov_len = (nuint)message.Length };
            var header = new Libc.msghdr { msg_iov = &vector, msg_iovlen = 1 };
            if (attached is not null)
            {
                *(Libc.cmsghdr*)control = new Libc.cmsghdr
                {
                    cmsg_len = (nuint)(sizeof(Libc.cmsghdr) + sizeof(int)),
                    cmsg_level = Libc.SOL_SOCKET,
                    cmsg_type = Libc.SCM_RIGHTS,
                };
                *(int*)(control + sizeof(Libc.cmsghdr)) = (int)attached.DangerousGetHandle();
                header.msg_control = control;
                header.msg_controllen = 24;
            }

            return Libc.sendmsg(handle, &header, Libc.MSG_NOSIGNAL) == message.Length;
        }
    }

    /// <summary>Takes one message. Waits for it unless told not to.</summary>
    public ChannelStatus Receive(Span<byte> buffer, out int length, out SafeFileHandle? attached, bool wait = false)
    {
        attached = null;
        length = 0;
        byte* control = stackalloc byte[ControlLength];
        fixed (byte* start = buffer)
        {
            var vector = new Libc.iovec { iov_base = start, iov_len = (nuint)buffer.Length };
            var header = new Libc.msghdr { msg_iov = &vector, msg_iovlen = 1, msg_control = control, msg_controllen = ControlLength };
            nint received;
            do
                received = Libc.recvmsg(handle, &header, Libc.MSG_CMSG_CLOEXEC | (wait ? 0 : Libc.MSG_DONTWAIT));
            while (received < 0 && Libc.Errno == Libc.EINTR);
            if (received < 0)
                return Libc.Errno == Libc.EAGAIN ? ChannelStatus.Empty : ChannelStatus.Closed;

            attached = TakeDescriptor(in header);
            if (received == 0)
                return ChannelStatus.Closed;
            length = (int)received;
            return (header.msg_flags & (Libc.MSG_TRUNC | Libc.MSG_CTRUNC)) == 0 ? ChannelStatus.Message : ChannelStatus.Malformed;
        }
    }

    public void Dispose() => handle.Dispose();

    private void LimitSendTime()
    {
        var time = new Libc.timespec { tv_sec = (long)SendPatience.TotalSeconds }; // struct timeval has the same shape
        Libc.Check(Libc.setsockopt(handle, Libc.SOL_SOCKET, Libc.SO_SNDTIMEO, &time, (uint)sizeof(Libc.timespec)));
    }

    // The control buffer has room for four descriptors: all but the first are closed, the kernel drops the rest and says MSG_CTRUNC.
    private static SafeFileHandle? TakeDescriptor(in Libc.msghdr header)
    {
        var control = (Libc.cmsghdr*)header.msg_control;
        if (header.msg_controllen < (nuint)(sizeof(Libc.cmsghdr) + sizeof(int)) || control->cmsg_type != Libc.SCM_RIGHTS)
            return null;
        int count = (int)(control->cmsg_len - (nuint)sizeof(Libc.cmsghdr)) / sizeof(int);
        var descriptors = (int*)((byte*)control + sizeof(Libc.cmsghdr));
        for (int i = 1; i < count; i++)
            new SafeFileHandle(descriptors[i], ownsHandle: true).Dispose();
        return new SafeFileHandle(descriptors[0], ownsHandle: true);
    }
}
