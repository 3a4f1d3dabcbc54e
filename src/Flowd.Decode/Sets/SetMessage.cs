using System;
using Flowd.Decode.State;

namespace Flowd.Decode.Sets;

/// <summary>One message while its sets are read.</summary>
internal struct SetMessage(SetDialect dialect, in MessageHeader header, DecodeContext context)
{
    private readonly MessageHeader _header = header;
    private bool _isCountCertain = true;

    public readonly DecodeContext Context = context;
    public readonly Exporter Exporter = context.Admit(dialect.Version);
    public readonly DomainKey Domain = new(dialect.Version, header.Domain);

    /// <summary>Where its templates count.</summary>
    public readonly TemplateScope Scope = new(new DomainKey(dialect.Version, header.Domain), context.Session);

    /// <summary>What the header tells of the agent's clock; IPFIX tells no uptime.</summary>
    public readonly AgentClock Clock = new(dialect.IsIpfix ? null : header.SystemUptime, header.ExportSeconds * EpochTime.Second);

    /// <summary>Where in the datagram it ends, and where in it the content of the current set begins, in octets.</summary>
    public int End;
    public int SetOffset;

    /// <summary>Templates so far.</summary>
    public int Templates;

    /// <summary>Data records so far, those of options included.</summary>
    public int Records;

    /// <summary>How many of them were of options.</summary>
    public int Options;

    public void Report(DecodeError error, ulong times = 1)
    {
        _isCountCertain = false;
        Context.Report(error, times);
    }

    /// <summary>Keeps data until their template comes.</summary>
    public readonly void Keep(TemplateKey key, ReadOnlySpan<byte> octets) => Context.Keep(key, _header, octets);

    /// <summary>The count of v9 is templates and records, if nothing kept us from counting them. Nothing depends on it.</summary>
    public readonly void CheckCount()
    {
        if (!dialect.IsIpfix && _isCountCertain && Templates + Records != _header.Announced)
            Context.Report(DecodeError.CountMismatch);
    }
}
