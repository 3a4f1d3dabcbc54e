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
/// waits in the kernel. A reload keeps those that stay.
/// </summary>
internal sealed class SocketSet(List<(Port Port, SafeFileHandle Socket)> inherited, SystemLog log) : IDisposable
{
    private readonly record struct Group(Address Address, uint Interface);

    /// <summary>Pair: what leads from who takes the connections of a TCP socket to the worker.</summary>
    private sealed record Entry(SafeFileHandle Socket, Group[] Groups, SessionPair? Pair) : IDisposable
    {
        /// <summary>Where the worker finds what comes in.</summary>
        public SafeFileHandle Outlet => Pair?.Out ?? Socket;

        public void Dispose()
        {
            Socket.Dispose();
            Pair?.Dispose();
        }
    }

    private Dictionary<Port, Entry> _listeners = [];
    private List<SafeFileHandle> _forwarders = [];

    /// <summary>What the worker receives on, in the order of the `listen on` lines.</summary>
    public IReadOnlyList<SafeFileHandle> Listeners { get; private set; } = [];

    /// <summary>For who takes connections: the number of a line, its listening socket, and where to put what comes.</summary>
    public IReadOnlyList<(int Line, SafeFileHandle Listener, SafeFileHandle Inlet)> Sessions { get; private set; } = [];

    public IReadOnlyList<SafeFileHandle> Forwarders => _forwarders;

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
                Entry entry = listeners[port] = old is null ? Listen(port, own, opened) : old with { Groups = own };
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
        (_listeners, _forwarders) = (listeners, forwarders);
        Listeners = [.. order.Select(entry => entry.Outlet)];
        Sessions = [.. order.Select((entry, line) => (line, entry.Socket, entry.Pair?.In)).Where(one => one.In is not null).Select(one => (one.line, one.Socket, one.In!))];
    }

    private Entry Listen(Port port, Group[] groups, List<IDisposable> opened)
    {
        try
        {
            SafeFileHandle? inheritedSocket = inherited.Find(one => one.Port == port).Socket;
            SafeFileHandle socket = port.IsTcp ? inheritedSocket ?? StreamSocket.Listen(port.Endpoint) : ListenForDatagrams(inheritedSocket, port.Endpoint);
            opened.Add(socket);
            SessionPair? pair = port.IsTcp ? SessionPair.Open() : null;
            if (pair is not null)
                opened.Add(pair);
            return new Entry(socket, groups, pair);
        }
        catch (Win32Exception e)
        {
            throw new Win32Exception(e.NativeErrorCode, $"listen on {port}: {e.Message}");
        }
    }

    private static SafeFileHandle ListenForDatagrams(SafeFileHandle? inheritedSocket, Endpoint endpoint)
    {
        if (inheritedSocket is null)
            return DatagramSocket.Listen(endpoint);
        DatagramSocket.AskForDetails(inheritedSocket);
        return inheritedSocket;
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

        int granted = DatagramSocket.SetReceiveBuffer(entry.Socket, wanted);
        if (granted < wanted)
            log.Warning($"listen on {port}: receive buffer of {granted} octets granted, {wanted} asked; raise net.core.rmem_max or start as root");
    }

    // A group that cannot be joined (its interface may come up later) is no reason not to receive the rest.
    private void ChangeGroups(Port port, Entry entry, Group[] old)
    {
        foreach (Group group in entry.Groups.Except(old))
            Try($"listen on {port}: join group {group.Address}", () => DatagramSocket.JoinGroup(entry.Socket, group.Address, group.Interface));
        foreach (Group group in old.Except(entry.Groups))
            Try($"listen on {port}: leave group {group.Address}", () => DatagramSocket.LeaveGroup(entry.Socket, group.Address, group.Interface));
    }

    private void Try(string what, Action action)
    {
        try
        {
            action();
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
