using System;
using Flowd.Platform;
using Flowd.Records;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Flowd.Receive.Sessions;

/// <summary>What the process that takes connections tells the worker.</summary>
public enum SessionEventKind : byte
{
    /// <summary>The process has started: all sessions with a lower number are over.</summary>
    Restarted = 1,

    /// <summary>A peer was turned away at the door; the reason is a <see cref="SessionEnd"/>.</summary>
    Refused,

    Opened,

    /// <summary>A whole message follows.</summary>
    Message,

    Ended,
}

/// <summary>
/// What stands before each message, or alone, on the socket pair between the process that takes connections and the worker. A session is one
/// connection (RFC 7011: transport session); numbers go up, also from one process to the next.
/// </summary>
/// <param name="Kind">What it tells.</param>
/// <param name="End">Why a session is over; else <see cref="SessionEnd.None"/>.</param>
/// <param name="Session">Its number, from 1; 0 if it is about none.</param>
/// <param name="Open">How many sessions there are now by the same `listen on` line.</param>
/// <param name="Peer">Who is at the other end.</param>
public readonly record struct SessionEvent(SessionEventKind Kind, SessionEnd End, ulong Session, uint Open, Endpoint Peer)
{
    /*
        0 kind   1 end   2 family   3 zero   4 open (4)   8 session (8)   16 address (16)   32 port (2)   34 zero (6)
    */
    public const int Length = 40;

    public void Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        destination[0] = (byte)Kind;
        destination[1] = (byte)End;
        destination[2] = (byte)Peer.Address.Family;
        WriteUInt32BigEndian(destination[4..], Open);
        WriteUInt64BigEndian(destination[8..], Session);
        WriteUInt16BigEndian(destination[32..], Peer.Port);
        Peer.Address.Write(destination[16..]);
    }

    /// <summary>Reads what comes before a message; false if it is nothing of the kind.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out SessionEvent session)
    {
        session = default;
        if (source.Length < Length || !Enum.IsDefined((SessionEventKind)source[0]) || !Enum.IsDefined((SessionEnd)source[1]))
            return false;
        if (!Address.TryRead(source[2], source[16..32], out Address address))
            return false;
        var peer = new Endpoint(address, ReadUInt16BigEndian(source[32..]));
        session = new SessionEvent((SessionEventKind)source[0], (SessionEnd)source[1], ReadUInt64BigEndian(source[8..]), ReadUInt32BigEndian(source[4..]), peer);
        return true;
    }
}
