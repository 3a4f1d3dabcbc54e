using System;

namespace Flowd.Receive.Sessions;

/// <summary>What became of the connections that came by one `listen on` line.</summary>
public sealed class SessionCounters
{
    private readonly ulong[] _ends = new ulong[Enum.GetValues<SessionEnd>().Length];

    /// <summary>Connections that are open now.</summary>
    public uint Open { get; private set; }

    public ulong Opened { get; private set; }

    /// <summary>How often one ended, or was not taken, for that reason.</summary>
    public ulong EndCount(SessionEnd end) => _ends[(int)end];

    public void Count(in SessionEvent session)
    {
        Open = session.Open;
        if (session.Kind == SessionEventKind.Opened)
            Opened++;
        if (session.End != SessionEnd.None)
            _ends[(int)session.End]++;
    }
}
