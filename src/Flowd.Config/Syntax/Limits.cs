using System;

namespace Flowd.Config.Syntax;

/// <summary>The names of <c>limit</c>.</summary>
internal static class Limits
{
    public const ulong Highest = 1 << 24;

    public static readonly (string Name, Func<ConfiguredLimits, int?> Get, Func<ConfiguredLimits, int, ConfiguredLimits> Set)[] Rows =
    [
        ("exporters", static limits => limits.Exporters, static (limits, value) => limits with { Exporters = value }),
        ("domains", static limits => limits.Domains, static (limits, value) => limits with { Domains = value }),
        ("streams", static limits => limits.Streams, static (limits, value) => limits with { Streams = value }),
        ("samplers", static limits => limits.Samplers, static (limits, value) => limits with { Samplers = value }),
        ("templates", static limits => limits.Templates, static (limits, value) => limits with { Templates = value }),
        ("template-fields", static limits => limits.TemplateFields, static (limits, value) => limits with { TemplateFields = value }),
    ];
}
