using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Flowd.Receive;
using Flowd.Receive.Sessions;
using Flowd.Records;

namespace Flowd.TcpProcess;

/// <summary>
/// The connections that there are, of all lines. When all places are taken, the one makes room that has not sent a message yet, or else has been
/// silent for longest: who sends flows keeps its place, however many others come.
/// </summary>
internal sealed class SessionTable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Session> _sessions = [];
    private readonly Dictionary<Address, int> _byAddress = [];

    public SessionLimits Limits { get; private set; } = SessionLimits.Of(new());

    public SourceList Sources { get; private set; } = new([]);

    public int Count
    {
        get
        {
            lock (_lock)
                return _sessions.Count;
        }
    }

    /// <summary>Changes who may come; those that are there and may not any more are dismissed.</summary>
    public void Apply(SessionLimits limits, SourceList sources)
    {
        (Limits, Sources) = (limits, sources);
        foreach (Session session in All())
        {
            if (!sources.Allows(session.Peer.Address))
                session.Dismiss(SessionEnd.NotASource);
        }
    }

    /// <summary>Why nobody is let in from that address; None if there is a place.</summary>
    public SessionEnd Refuses(Address address)
    {
        if (!Sources.Allows(address))
            return SessionEnd.NotASource;
        lock (_lock)
            return _byAddress.GetValueOrDefault(address) >= Limits.PerExporter ? SessionEnd.TooMany : SessionEnd.None;
    }

    /// <summary>Adds one that <see cref="Refuses"/> has nothing against, once there is a place.</summary>
    public async ValueTask AddAsync(Session session)
    {
        while (Count >= Limits.Connections)
            await MakeRoomAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _sessions.Add(session);
            _byAddress[session.Peer.Address] = _byAddress.GetValueOrDefault(session.Peer.Address) + 1;
            session.Line.Open++;
        }
    }

    /// <summary>It is over, and its exporter may have another; its place is free with <see cref="Remove"/>.</summary>
    public void Close(Session session)
    {
        lock (_lock)
        {
            session.Line.Open--;
            if (--_byAddress[session.Peer.Address] == 0)
                _byAddress.Remove(session.Peer.Address);
        }
    }

    public void Remove(Session session)
    {
        lock (_lock)
            _sessions.Remove(session);
    }

    /// <summary>Dismisses the one that is missed least, and waits until it has gone: no descriptor is taken before one is free.</summary>
    public async ValueTask MakeRoomAsync()
    {
        if (All().MinBy(static session => (session.IsProven, session.LastHeard)) is not { } least)
            return;
        least.Dismiss(SessionEnd.GaveWay);
        await least.Completion.ConfigureAwait(false);
    }

    /// <summary>Dismisses those whose time is over. Milliseconds of Environment.TickCount64.</summary>
    public void Sweep(long now)
    {
        foreach (Session session in All())
            session.DismissIfDue(now);
    }

    public void DismissAll(Func<Session, bool> which)
    {
        foreach (Session session in All().Where(which))
            session.Dismiss(SessionEnd.Dismissed);
    }

    private Session[] All()
    {
        lock (_lock)
            return [.. _sessions];
    }
}
