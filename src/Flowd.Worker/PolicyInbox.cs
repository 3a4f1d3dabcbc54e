using System.Collections.Generic;
using Flowd.Config;
using Flowd.Platform;
using Flowd.Privsep;
using Flowd.Receive;
using Microsoft.Win32.SafeHandles;

namespace Flowd.Worker;

/// <summary>Collects what the monitor sends of a configuration, until it says that this is all.</summary>
public sealed class PolicyInbox
{
    private string _text = "";
    private byte[] _tables = [];
    private List<(int Line, SafeFileHandle Socket)> _listeners = [];
    private List<Forwarder> _forwarders = [];
    private Dictionary<uint, KeyFileContent> _keys = [];

    /// <summary>Takes the descriptor of one message; false if the message is none of a configuration.</summary>
    public bool TryTake(Message message, SafeFileHandle? attached)
    {
        switch (message.Type)
        {
            case MessageType.BoundConfiguration:
                _text = Descriptors.ReadTextAndClose(attached!);
                return true;
            case MessageType.TableContent:
                using (attached)
                    _tables = Descriptors.ReadAll(attached!);
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
        Configuration configuration = ConfigParser.ParseNormalForm(_text, _tables);
        List<Listener> listeners = _listeners.ConvertAll(one => new Listener(one.Line, one.Socket, takesSessions: configuration.ListenOn[one.Line].Transport != Transport.Udp));
        var policy = new Policy(configuration, listeners, _forwarders, new Anonymizers(configuration, _keys));
        (_text, _tables, _listeners, _forwarders, _keys) = ("", [], [], [], []);
        return policy;
    }
}
