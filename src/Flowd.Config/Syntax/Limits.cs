using System;

namespace Flowd.Config.Syntax;

/// <summary>The names of <c>limit</c>.</summary>
internal static class Limits
{
    public const ulong Highest = 1 << 24;

    /// <summary>Each is an open file, and there may be as many more that are opened before their time.</summary>
    private const ulong MostLogs = 1000;

    private const ulong LongestFields = 65_535;
    private const ulong LongestAge = 365 * 86_400;
    private const ulong MostOctets = 1 << 30;
    private const ulong MostRecords = 65_535;

    /// <summary>Each is a descriptor.</summary>
    private const ulong MostConnections = 16_384;

    private const ulong LongestMessageTime = 3600;

    public static readonly (string Name, Func<ConfiguredLimits, int?> Get, Func<ConfiguredLimits, int, ConfiguredLimits> Set, ulong Highest)[] Rows =
    [
        ("exporters", static limits => limits.Exporters, static (limits, value) => limits with { Exporters = value }, Highest),
        ("domains", static limits => limits.Domains, static (limits, value) => limits with { Domains = value }, Highest),
        ("streams", static limits => limits.Streams, static (limits, value) => limits with { Streams = value }, Highest),
        ("samplers", static limits => limits.Samplers, static (limits, value) => limits with { Samplers = value }, Highest),
        ("templates", static limits => limits.Templates, static (limits, value) => limits with { Templates = value }, Highest),
        ("template-fields", static limits => limits.TemplateFields, static (limits, value) => limits with { TemplateFields = value }, Highest),
        ("fields-per-template", static limits => limits.FieldsPerTemplate, static (limits, value) => limits with { FieldsPerTemplate = value }, LongestFields),
        ("template-age", static limits => limits.TemplateAge, static (limits, value) => limits with { TemplateAge = value }, LongestAge),
        ("pending", static limits => limits.Pending, static (limits, value) => limits with { Pending = value }, MostOctets),
        ("pending-age", static limits => limits.PendingAge, static (limits, value) => limits with { PendingAge = value }, LongestAge),
        ("records", static limits => limits.Records, static (limits, value) => limits with { Records = value }, MostRecords),
        ("output", static limits => limits.Output, static (limits, value) => limits with { Output = value }, MostOctets),
        ("logs", static limits => limits.Logs, static (limits, value) => limits with { Logs = value }, MostLogs),
        ("connections", static limits => limits.Connections, static (limits, value) => limits with { Connections = value }, MostConnections),
        ("connections-per-exporter", static limits => limits.ConnectionsPerExporter, static (limits, value) => limits with { ConnectionsPerExporter = value }, MostConnections),
        ("connection-idle", static limits => limits.ConnectionIdle, static (limits, value) => limits with { ConnectionIdle = value }, LongestAge),
        ("message-time", static limits => limits.MessageTime, static (limits, value) => limits with { MessageTime = value }, LongestMessageTime),
    ];
}
