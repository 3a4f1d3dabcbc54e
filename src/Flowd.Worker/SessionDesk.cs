using Flowd.Decode;
using Flowd.Platform;
using Flowd.Receive;
using Flowd.Receive.Sessions;

namespace Flowd.Worker;

/// <summary>Takes note of what becomes of connections, and unpacks the messages that came over them.</summary>
internal sealed class SessionDesk(ExporterTable exporters, Complaints complaints)
{
    /// <summary>True if it is a message of a connection: as it would be if it had come as a datagram.</summary>
    public bool TryTake(Listener listener, in ReceivedDatagram received, out ReceivedDatagram message)
    {
        message = default;
        if (!SessionEvent.TryRead(received.Bytes, out SessionEvent session))
            return false; // the process that takes connections is not itself any more
        listener.Sessions!.Count(in session);
        if (session.Kind == SessionEventKind.Message)
        {
            message = new ReceivedDatagram
            {
                Bytes = received.Bytes[SessionEvent.Length..],
                Source = session.Peer,
                Session = session.Session,
                Seconds = received.Seconds,
                Microseconds = received.Microseconds,
            };
            return true;
        }

        if (session.Kind == SessionEventKind.Restarted)
            exporters.EndSessions(before: session.Session);
        else if (session.Kind == SessionEventKind.Ended)
            exporters.EndSession(session.Peer.Address, session.Session);
        if (!SessionEndText.IsHarmless(session.End))
            complaints.Session(in session);
        return false;
    }
}
