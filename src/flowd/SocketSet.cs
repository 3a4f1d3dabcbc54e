using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.Linq;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Records;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Monitor;

/// <summary>
/// The sockets that a configuration asks for. The monitor keeps them open as well, so that what arrives while there is no worker, or a new one,
/// waits in the kernel. A reload keeps those that stay. For datagrams there is a socket for each worker.
/// </summary>
internal sealed class SocketSet(List<(Port Port, SafeFileHandle Socket)> inherited, SystemLog log) : IDisposable
{
    private readonly record struct Group(Address Address, uint Interface);

    /// <summary>Pair: what leads from who takes the connections of a TCP socket to the first worker.</summary>
    private sealed record Entry(SafeFileHandle[] Sockets, Group[] Groups, SessionPair? Pair) : IDisposable
    {
        /// <summary>Where a worker finds what comes in; null if nothing of it is for that one.</summary>
        public SafeFileHandle? OutletOf(int worker) => Pair is null ? Sockets[worker] : worker == 0 ? Pair.Out : null;

        public void Dispose()
        {
            foreach (SafeFileHandle socket in Sockets)
                socket.Dispose();
            Pair?.Dispose();
        }
    }

    private Dictionary<Port, Entry> _listeners = [];
    private List<Entry> _order = [];
    private List<SafeFileHandle> _forwarders = [];

    /// <summary>For who takes connections: the number of a line, its listening socket, and where to put what comes.</summary>
    public IReadOnlyList<(int Line, SafeFileHandle Listener, SafeFileHandle Inlet)> Sessions { get; private set; } = [];

    public IReadOnlyList<SafeFileHandle> Forwarders => _forwarders;

    /// <summary>What a worker receives on, with the number of the `listen on` line.</summary>
    public IEnumerable<(int Line, SafeFileHandle Socket)> ListenersOf(int worker)
    {
        for (int line = 0; line < _order.Count; line++)
        {
            if (_order[line].OutletOf(worker) is { } socket)
                yield return (line, socket);
        }
    }

    /// <summary>Opens what the settings ask for. On any failure says why, leaves everything as it was and returns false.</summary>
    public bool TryApply(Settings settings)
    {
        var opened = new List<IDisposable>();
        try
        {
            Group[] groups = [.. settings.JoinGroups.Select(ResolveGroup).OfType<Group>()];
            var listeners = new Dictionary<Port, Entry>();
            var order = new List<Entry>();
            foreach (Setting line in settings.Listen)
            {
                var port = new Port(EndpointOf(line), line.Type == MessageType.ListenTcp);
                Group[] own = port.IsTcp ? [] : [.. groups.Where(group => group.Address.Family == port.Endpoint.Address.Family)];
                _listeners.TryGetValue(port, out Entry? old);
                Entry entry = listeners[port] = old is null ? Listen(port, own, settings.Workers, opened) : old with { Groups = own };
                SetBuffer(port, entry, (int)line.Number);
                order.Add(entry);
            }

            List<SafeFileHandle> forwarders = [.. settings.Forward.Select(line => Forward(line, opened))];
            CloseUnused(listeners);
            Replace(listeners, order, forwarders);
            return true;
        }
        catch (Win32Exception e)
        {
            log.Error(e.Message);
            opened.ForEach(one => one.Dispose());
            return false;
        }
    }

    public void Dispose()
    {
        foreach (Entry entry in _listeners.Values)
            entry.Dispose();
        _forwarders.ForEach(socket => socket.Dispose());
    }

    // Sockets that were given to us, but that no `listen on` line asks for, would only collect what nobody reads.
    private void CloseUnused(Dictionary<Port, Entry> listeners)
    {
        foreach ((Port port, SafeFileHandle socket) in inherited)
        {
            if (listeners.ContainsKey(port))
                continue;
            string what = port.Endpoint == default ? "neither of UDP nor listening for TCP" : port.ToString();
            log.Warning($"a socket was passed to flowd that no \"listen on\" line asks for: {what}; closed");
            socket.Dispose();
        }

        inherited.Clear();
    }

    // From here on nothing may fail: the old set is given up.
    private void Replace(Dictionary<Port, Entry> listeners, List<Entry> order, List<SafeFileHandle> forwarders)
    {
        foreach ((Port port, Entry entry) in listeners)
            ChangeGroups(port, entry, _listeners.GetValueOrDefault(port)?.Groups ?? []);
        foreach ((Port port, Entry entry) in _listeners)
        {
            if (!listeners.ContainsKey(port))
                entry.Dispose();
        }

        _forwarders.ForEach(socket => socket.Dispose());
        (_listeners, _order, _forwarders) = (listeners, order, forwarders);
        Sessions = [.. order.Select((entry, line) => (line, entry.Sockets[0], entry.Pair?.In)).Where(one => one.In is not null).Select(one => (one.line, one.Item2, one.In!))];
    }

    private Entry Listen(Port port, Group[] groups, int workers, List<IDisposable> opened)
    {
        try
        {
            SafeFileHandle? inheritedSocket = inherited.Find(one => one.Port == port).Socket;
            SafeFileHandle[] sockets = port.IsTcp ? [inheritedSocket ?? StreamSocket.Listen(port.Endpoint)] : ListenForDatagrams(inheritedSocket, port.Endpoint, workers);
            opened.AddRange(sockets);
            SessionPair? pair = port.IsTcp ? SessionPair.Open() : null;
            if (pair is not null)
                opened.Add(pair);
            return new Entry(sockets, groups, pair);
        }
        catch (Win32Exception e)
        {
            throw new Win32Exception(e.NativeErrorCode, $"listen on {port}: {e.Message}");
        }
    }

    private static SafeFileHandle[] ListenForDatagrams(SafeFileHandle? inheritedSocket, Endpoint endpoint, int workers)
    {
        if (inheritedSocket is null)
            return workers == 1 ? [DatagramSocket.Listen(endpoint)] : DatagramSocket.ListenTogether(endpoint, workers);
        if (workers > 1)
            throw new Win32Exception(0, $"the socket was passed to flowd, and one socket cannot be shared by {workers} workers");
        DatagramSocket.AskForDetails(inheritedSocket);
        return [inheritedSocket];
    }

    private static SafeFileHandle Forward(Setting line, List<IDisposable> opened)
    {
        Endpoint endpoint = EndpointOf(line);
        try
        {
            SafeFileHandle socket = DatagramSocket.Connect(endpoint);
            opened.Add(socket);
            return socket;
        }
        catch (Win32Exception e)
        {
            throw new Win32Exception(e.NativeErrorCode, $"forward to {endpoint}: {e.Message}");
        }
    }

    // Connections wait when the buffer is full, so it matters little how large it is.
    private void SetBuffer(Port port, Entry entry, int asked)
    {
        int wanted = asked == 0 ? DatagramSocket.DefaultReceiveBuffer : asked;
        if (entry.Pair is { } pair)
        {
            pair.SetBuffer(wanted);
            return;
        }

        int granted = entry.Sockets.Min(socket => DatagramSocket.SetReceiveBuffer(socket, wanted));
        if (granted < wanted)
            log.Warning($"listen on {port}: receive buffer of {granted} octets granted, {wanted} asked; raise net.core.rmem_max or start as root");
    }

    // A group that cannot be joined (its interface may come up later) is no reason not to receive the rest. All workers get what is sent to it.
    private void ChangeGroups(Port port, Entry entry, Group[] old)
    {
        foreach (Group group in entry.Groups.Except(old))
            Try($"listen on {port}: join group {group.Address}", entry, socket => DatagramSocket.JoinGroup(socket, group.Address, group.Interface));
        foreach (Group group in old.Except(entry.Groups))
            Try($"listen on {port}: leave group {group.Address}", entry, socket => DatagramSocket.LeaveGroup(socket, group.Address, group.Interface));
    }

    private void Try(string what, Entry entry, Action<SafeFileHandle> action)
    {
        try
        {
            Array.ForEach(entry.Sockets, action);
        }
        catch (Win32Exception e)
        {
            log.Error($"{what}: {e.Message}");
        }
    }

    private Group? ResolveGroup(Setting line)
    {
        uint index = InterfaceIndex(line.Text);
        if (index != 0 || line.Text.Length == 0)
            return new Group(line.Address, index);
        log.Error($"join group {line.Address}: there is no interface {line.Text}");
        return null;
    }

    /// <summary>Throws <see cref="Win32Exception"/> if it names an interface that does not exist.</summary>
    public static Endpoint EndpointOf(Setting line)
    {
        uint scope = InterfaceIndex(line.Text);
        if (scope == 0 && line.Text.Length > 0)
            throw new Win32Exception(19, $"[{line.Address}%{line.Text}]:{line.Port}: there is no interface {line.Text}"); // ENODEV
        return new Endpoint(line.Address, line.Port, scope);
    }

    // A zone is a name, or the number itself (RFC 4007 section 11.2).
    private static uint InterfaceIndex(string zone)
        => zone.Length == 0 ? 0 : uint.TryParse(zone, NumberStyles.None, CultureInfo.InvariantCulture, out uint index) ? index : DatagramSocket.InterfaceIndex(zone);
}
