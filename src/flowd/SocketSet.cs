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
internal sealed class SocketSet(List<(Endpoint Endpoint, SafeFileHandle Socket)> inherited, SystemLog log) : IDisposable
{
    private readonly record struct Group(Address Address, uint Interface);

    private sealed record Entry(SafeFileHandle Socket, Group[] Groups);

    private Dictionary<Endpoint, Entry> _listeners = [];
    private List<SafeFileHandle> _forwarders = [];

    /// <summary>In the order of the `listen on` lines.</summary>
    public IReadOnlyList<SafeFileHandle> Listeners { get; private set; } = [];

    public IReadOnlyList<SafeFileHandle> Forwarders => _forwarders;

    /// <summary>Opens what the settings ask for. On any failure says why, leaves everything as it was and returns false.</summary>
    public bool TryApply(Settings settings)
    {
        var opened = new List<SafeFileHandle>();
        try
        {
            Group[] groups = [.. settings.JoinGroups.Select(ResolveGroup).OfType<Group>()];
            var listeners = new Dictionary<Endpoint, Entry>();
            var order = new List<SafeFileHandle>();
            foreach (Setting line in settings.Listen)
            {
                Endpoint endpoint = EndpointOf(line);
                Group[] own = [.. groups.Where(group => group.Address.Family == endpoint.Address.Family)];
                _listeners.TryGetValue(endpoint, out Entry? old);
                Entry entry = listeners[endpoint] = old is null ? Listen(endpoint, own, opened) : old with { Groups = own };
                SetBuffer(endpoint, entry.Socket, (int)line.Number);
                order.Add(entry.Socket);
            }

            List<SafeFileHandle> forwarders = [.. settings.Forward.Select(line => Forward(line, opened))];
            CloseUnused(listeners);
            Replace(listeners, order, forwarders);
            return true;
        }
        catch (Win32Exception e)
        {
            log.Error(e.Message);
            opened.ForEach(socket => socket.Dispose());
            return false;
        }
    }

    public void Dispose()
    {
        foreach (Entry entry in _listeners.Values)
            entry.Socket.Dispose();
        _forwarders.ForEach(socket => socket.Dispose());
    }

    // Sockets that were given to us, but that no `listen on` line asks for, would only collect what nobody reads.
    private void CloseUnused(Dictionary<Endpoint, Entry> listeners)
    {
        foreach ((Endpoint endpoint, SafeFileHandle socket) in inherited)
        {
            if (listeners.ContainsKey(endpoint))
                continue;
            string what = endpoint == default ? "no UDP socket" : endpoint.ToString();
            log.Warning($"a socket was passed to flowd that no \"listen on\" line asks for: {what}; closed");
            socket.Dispose();
        }

        inherited.Clear();
    }

    // From here on nothing may fail: the old set is given up.
    private void Replace(Dictionary<Endpoint, Entry> listeners, List<SafeFileHandle> order, List<SafeFileHandle> forwarders)
    {
        foreach ((Endpoint endpoint, Entry entry) in listeners)
            ChangeGroups(endpoint, entry, _listeners.GetValueOrDefault(endpoint)?.Groups ?? []);
        foreach ((Endpoint endpoint, Entry entry) in _listeners)
        {
            if (!listeners.ContainsKey(endpoint))
                entry.Socket.Dispose();
        }

        _forwarders.ForEach(socket => socket.Dispose());
        (_listeners, Listeners, _forwarders) = (listeners, order, forwarders);
    }

    private Entry Listen(Endpoint endpoint, Group[] groups, List<SafeFileHandle> opened)
    {
        try
        {
            SafeFileHandle? inheritedSocket = inherited.Find(one => one.Endpoint == endpoint).Socket;
            if (inheritedSocket is not null)
                DatagramSocket.AskForDetails(inheritedSocket);
            SafeFileHandle socket = inheritedSocket ?? DatagramSocket.Listen(endpoint);
            opened.Add(socket);
            return new Entry(socket, groups);
        }
        catch (Win32Exception e)
        {
            throw new Win32Exception(e.NativeErrorCode, $"listen on {endpoint}: {e.Message}");
        }
    }

    private static SafeFileHandle Forward(Setting line, List<SafeFileHandle> opened)
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

    private void SetBuffer(Endpoint endpoint, SafeFileHandle socket, int asked)
    {
        int wanted = asked == 0 ? DatagramSocket.DefaultReceiveBuffer : asked;
        int granted = DatagramSocket.SetReceiveBuffer(socket, wanted);
        if (granted < wanted)
            log.Warning($"listen on {endpoint}: receive buffer of {granted} octets granted, {wanted} asked; raise net.core.rmem_max or start as root");
    }

    // A group that cannot be joined (its interface may come up later) is no reason not to receive the rest.
    private void ChangeGroups(Endpoint endpoint, Entry entry, Group[] old)
    {
        foreach (Group group in entry.Groups.Except(old))
            Try($"listen on {endpoint}: join group {group.Address}", () => DatagramSocket.JoinGroup(entry.Socket, group.Address, group.Interface));
        foreach (Group group in old.Except(entry.Groups))
            Try($"listen on {endpoint}: leave group {group.Address}", () => DatagramSocket.LeaveGroup(entry.Socket, group.Address, group.Interface));
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
