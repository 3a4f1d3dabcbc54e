namespace Flowd.Config;

/// <summary>
/// How much exporters may make us keep; null where the configuration is silent. Domains, samplers and templates are counted for one exporter,
/// streams and fields of templates over all exporters. Ages are in seconds; pending: octets that wait for a template; records and output: of one
/// datagram, output in octets; logs are files that are open at once; connections are counted in all and for one exporter,
/// ConnectionIdle is how long one may be silent, MessageTime how long a message may take to come.
/// </summary>
public sealed record ConfiguredLimits(
    int? Exporters = null, int? Domains = null, int? Streams = null, int? Samplers = null, int? Templates = null, int? TemplateFields = null,
    int? FieldsPerTemplate = null, int? TemplateAge = null, int? Pending = null, int? PendingAge = null, int? Records = null, int? Output = null, int? Logs = null,
    int? Connections = null, int? ConnectionsPerExporter = null, int? ConnectionIdle = null, int? MessageTime = null);
