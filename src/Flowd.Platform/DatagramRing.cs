using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Platform;

/// <summary>
/// Room for one recvmmsg(2): a fixed arena with a slot of more than 64 KiB a datagram, so that none is ever cut. The arena is reserved, not touched:
/// what small datagrams do not use costs no memory.
/// </summary>
public sealed unsafe class DatagramRing : IDisposable
{
    private const int SlotLength = 65536 + PageLength;
    private const int PageLength = 4096; // room for what stands before a message of a session, which may have 65,535 octets itself
    private const int ControlLength = 64; // struct timespec and a counter, each behind a header of 16 octets

    private readonly int _slots;
    private readonly byte* _arena;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly Libc.iovec* _vectors;
    private readonly Libc.mmsghdr* _messages;

    public DatagramRing(int slots)
    {
        _slots = slots;
        _arena = (byte*)NativeMemory.Alloc((nuint)slots, SlotLength);
        _names = (byte*)NativeMemory.AllocZeroed((nuint)slots, Libc.SockaddrLength);
        _controls = (byte*)NativeMemory.AllocZeroed((nuint)slots, ControlLength);
        _vectors = (Libc.iovec*)NativeMemory.AllocZeroed((nuint)slots, (nuint)sizeof(Libc.iovec));
        _messages = (Libc.mmsghdr*)NativeMemory.AllocZeroed((nuint)slots, (nuint)sizeof(Libc.mmsghdr));
        for (int i = 0; i < slots; i++)
        {
            _vectors[i] = new Libc.iovec { iov_base = _arena + (nuint)i * SlotLength, iov_len = SlotLength };
            _messages[i].msg_hdr = new Libc.msghdr
            {
                msg_name = _names + i * Libc.SockaddrLength,
                msg_iov = _vectors + i,
                msg_iovlen = 1,
                msg_control = _controls + i * ControlLength,
            };
        }
    }

    /// <summary>Takes what is waiting, at most one for each slot; 0 if nothing is. Valid until the next call.</summary>
    public int Receive(SafeFileHandle socket)
    {
        for (int i = 0; i < _slots; i++)
        {
            _messages[i].msg_hdr.msg_namelen = Libc.SockaddrLength;
            _messages[i].msg_hdr.msg_controllen = ControlLength;
        }

        int received = Libc.recvmmsg((int)socket.DangerousGetHandle(), _messages, (uint)_slots, Libc.MSG_DONTWAIT, null);
        if (received >= 0)
            return received;
        int errno = Libc.Errno;
        // An ICMP error that came back for something sent from this socket is not an error of receiving: the next call goes on.
        return errno is Libc.EAGAIN or Libc.EINTR or 111 /* ECONNREFUSED */ ? 0 : throw new Win32Exception(errno, "recvmmsg: " + Libc.ErrorText(errno));
    }

    public ReceivedDatagram this[int index]
    {
        get
        {
            ref Libc.mmsghdr message = ref _messages[index];
            var datagram = new ReceivedDatagram
            {
                Bytes = new ReadOnlySpan<byte>(_arena + (nuint)index * SlotLength, (int)message.msg_len),
                Source = Endpoint.Read(new ReadOnlySpan<byte>(message.msg_hdr.msg_name, (int)message.msg_hdr.msg_namelen)),
                IsTruncated = (message.msg_hdr.msg_flags & Libc.MSG_TRUNC) != 0,
            };
            ReadControl(in message.msg_hdr, ref datagram);
            return datagram;
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_arena);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_messages);
    }

    private static void ReadControl(in Libc.msghdr header, ref ReceivedDatagram datagram)
    {
        byte* at = (byte*)header.msg_control;
        byte* end = at + header.msg_controllen;
        while (end - at >= sizeof(Libc.cmsghdr))
        {
            var control = (Libc.cmsghdr*)at;
            byte* data = at + sizeof(Libc.cmsghdr);
            if (control->cmsg_len < (nuint)sizeof(Libc.cmsghdr) || control->cmsg_len > (nuint)(end - at))
                return;
            if (control->cmsg_level == Libc.SOL_SOCKET && control->cmsg_type == Libc.SO_TIMESTAMPNS)
                datagram.SetTime(*(Libc.timespec*)data);
            else if (control->cmsg_level == Libc.SOL_SOCKET && control->cmsg_type == Libc.SO_RXQ_OVFL)
                datagram.KernelDrops = *(uint*)data;
            at += (nint)((control->cmsg_len + 7) & ~(nuint)7);
        }
    }
}

/// <summary>One received datagram, lying in the ring.</summary>
public ref struct ReceivedDatagram
{
    public ReadOnlySpan<byte> Bytes { get; init; }

    public Endpoint Source { get; init; }

    /// <summary>The number of the connection that it came over, which is no datagram then; 0 for one.</summary>
    public ulong Session { get; init; }

    /// <summary>It was longer than 65,535 octets can be: its end is lost.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>When the kernel took it in: seconds since 1970-01-01 UTC, and microseconds.</summary>
    public uint Seconds { get; set; }

    public uint Microseconds { get; set; }

    /// <summary>How many datagrams the kernel dropped on this socket up to now, for want of room (SO_RXQ_OVFL). Wraps at 2^32.</summary>
    public uint KernelDrops { get; internal set; }

    internal void SetTime(Libc.timespec time)
    {
        Seconds = unchecked((uint)time.tv_sec);
        Microseconds = (uint)(time.tv_nsec / 1000);
    }
}
