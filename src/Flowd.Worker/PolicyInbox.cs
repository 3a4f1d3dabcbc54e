using System.Collections.Generic;
using System.IO;
using System.Text;
using Flowd.Config;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Receive;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker;

/// <summary>Collects what the monitor sends of a configuration, until it says that this is all.</summary>
public sealed class PolicyInbox
{
    /// <summary>What diagnostics would call the text; it comes from the parser, which has checked it.</summary>
    private const string Name = "configuration";

    private string _text = "";
    private List<(int Line, SafeFileHandle Socket)> _listeners = [];
    private List<Forwarder> _forwarders = [];
    private Dictionary<uint, KeyFileContent> _keys = [];

    /// <summary>Takes the descriptor of one message; false if the message is none of a configuration.</summary>
    public bool TryTake(Message message, SafeFileHandle? attached)
    {
        switch (message.Type)
        {
            case MessageType.BoundConfiguration:
                _text = ReadAll(attached!);
                return true;
            case MessageType.Listener:
                _listeners.Add(((int)message.Argument, attached!));
                return true;
            case MessageType.Forwarder:
                _forwarders.Add(new Forwarder(attached!));
                return true;
            case MessageType.AnonymizeKey:
                _keys[message.Argument] = KeyFileContent.ReadAndClose(attached!);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Binds what has come; throws if the parser passed something that does not parse, which is a fault of ours.</summary>
    public Policy Complete()
    {
        ParseResult parsed = ConfigParser.Parse(_text, Name, new Dictionary<string, string>(), ConfigScope.Daemon);
        if (parsed.Configuration is null)
            throw new InvalidDataException($"the normal form does not parse: {string.Join("; ", parsed.Diagnostics)}");
        ListenOn[] lines = [.. parsed.Configuration.ListenOn];
        var listeners = _listeners.ConvertAll(one => new Listener(one.Line, one.Socket, takesSessions: lines[one.Line].Transport != Transport.Udp));
        var policy = new Policy(parsed.Configuration, listeners, _forwarders, new Anonymizers(parsed.Configuration, _keys));
        (_text, _listeners, _forwarders, _keys) = ("", [], [], []);
        return policy;
    }

    private static string ReadAll(SafeFileHandle file)
    {
        using (file)
        {
            return Encoding.UTF8.GetString(Descriptors.ReadAll(file));
        }
    }
}
