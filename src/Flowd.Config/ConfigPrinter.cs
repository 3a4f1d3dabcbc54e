using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Flowd.Config.Syntax;
using Flowd.Config.Text;
using Flowd.Filter;
using Flowd.Records;

namespace Flowd.Config;

/// <summary>
/// A configuration in normal form: flowd.conf(5) without macros and comments, which parses to an equal configuration. It is complete:
/// the process that parses hands the configuration on in this form.
/// </summary>
public static class ConfigPrinter
{
    public static string Print(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var text = new StringBuilder();
        AppendFiles(text, configuration);
        AppendProcesses(text, configuration);
        AppendNetwork(text, configuration);
        foreach ((string name, Func<ConfiguredLimits, int?> get, _, _) in Limits.Rows)
        {
            if (get(configuration.Limits) is { } limit)
                Append(text, $"limit {name} {limit}");
        }

        foreach (ConfiguredSampling sampling in configuration.SamplingRates)
            Append(text, $"sampling-rate {sampling.Rate}{(sampling.Exporters is { } exporters ? $" for {exporters}" : "")}");
        foreach (string name in StoreFields.NamesOf(configuration.Store))
            Append(text, $"store {name}");
        foreach (PrefixTable table in configuration.Tables)
            Append(text, $"table <{table.Name}> {ContentOf(table)}");
        foreach (FilterRule rule in configuration.Rules)
            Append(text, $"{RulePrinter.Print(rule)}");
        return text.ToString();
    }

    // What a file has comes from there.
    private static string ContentOf(PrefixTable table)
        => table.File is { } path ? "file " + Words.Quote(path) : PrefixSetText.List(table.Prefixes.Prefixes().Select(prefix => prefix.ToString()));

    private static void AppendFiles(StringBuilder text, Configuration configuration)
    {
        foreach (LogFile logFile in configuration.LogFiles)
            Append(text, $"{LogFilePrinter.Print(logFile)}");
        if (configuration.Sync.Mode != SyncMode.Never)
            Append(text, $"sync {(configuration.Sync.Mode == SyncMode.Always ? "always" : "interval " + Amounts.Print(configuration.Sync.Seconds, Amounts.Seconds))}");
        if (configuration.FlushesAlways)
            Append(text, $"flush always");
        if (configuration.BufferOctets > 0)
            Append(text, $"buffer {Amounts.Print(configuration.BufferOctets, Amounts.Octets)}{(configuration.DropsOldest ? " drop oldest" : "")}");
        if (configuration.LogSocket is { } socket)
            Append(text, $"logsock {Words.Write(socket.Path)}{BufferSize(socket.BufferSize)}");
        if (configuration.PidFile is { } pidFile)
            Append(text, $"pidfile {Words.Write(pidFile)}");
        if (configuration.StateFile is { } stateFile)
            Append(text, $"statefile {Words.Write(stateFile)}");
    }

    private static void AppendProcesses(StringBuilder text, Configuration configuration)
    {
        if (configuration.User is { } user)
            Append(text, $"user {Words.Write(user)}");
        if (configuration.RequiresSandbox)
            Append(text, $"sandbox required");
        if (configuration.Workers > 1)
            Append(text, $"workers {configuration.Workers}");
        foreach (MetricsOn metrics in configuration.Metrics)
            Append(text, $"metrics on {(metrics.Path is { } path ? Words.Write(path) : Endpoint(metrics.Address, metrics.Zone, metrics.Port))}");
    }

    private static void AppendNetwork(StringBuilder text, Configuration configuration)
    {
        foreach (ListenOn listen in configuration.ListenOn)
            Append(text, $"listen on {Endpoint(listen.Address, listen.Zone, listen.Port)}{TransportOf(listen)}{BufferSize(listen.BufferSize)}{Protocol(listen.Protocol)}");
        foreach (Prefix source in configuration.FlowSources)
            Append(text, $"flow source {source}");
        foreach (JoinGroup join in configuration.JoinGroups)
            Append(text, $"join group {Words.Write(join.Group + Zone(join.Interface))}");
        foreach (ForwardTo forward in configuration.ForwardTo)
            Append(text, $"forward to {Endpoint(forward.Address, forward.Zone, forward.Port)}{LogFilePrinter.Print(forward.Anonymize)}");
    }

    private static void Append(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static string Endpoint(Address address, string? zone, ushort port)
    {
        string host = address.Family == AddressFamily.IPv6 ? $"[{address}{Zone(zone)}]" : address.ToString();
        return Words.Write(host + ":" + port.ToString(CultureInfo.InvariantCulture));
    }

    private static string Zone(string? zone) => zone is null ? "" : "%" + zone;

    private static string TransportOf(ListenOn listen) => listen switch
    {
        { Tls: { } files } => $" tls certificate {Words.Quote(files.Certificate)} key {Words.Quote(files.Key)} clients {(files.Clients is { } path ? Words.Quote(path) : "any")}",
        { Transport: Transport.Tcp } => " tcp",
        _ => "",
    };

    private static string Protocol(ExportProtocol protocol) => protocol == ExportProtocol.Any ? "" : " protocol " + ExportProtocolNames.Of(protocol);

    private static string BufferSize(int? size) => size is null ? "" : " bufsize " + size.Value.ToString(CultureInfo.InvariantCulture);
}
