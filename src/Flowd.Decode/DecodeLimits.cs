namespace Flowd.Decode;

/// <summary>Bounds on what strangers can make us keep. What goes over one of them pushes out what was used least recently.</summary>
public sealed record DecodeLimits
{
    /// <summary>Exporters, by address.</summary>
    public int Exporters { get; init; } = 16_384;

    /// <summary>Observation domains (v9: source ids) with templates, and streams, for each exporter.</summary>
    public int Domains { get; init; } = 256;

    /// <summary>Streams of all exporters together, some 500 octets each.</summary>
    public int Streams { get; init; } = 65_536;

    /// <summary>Templates of each exporter, all its domains together.</summary>
    public int Templates { get; init; } = 4096;

    /// <summary>
    /// Fields of all templates of all exporters together: the bound on the memory that templates take, some 30 octets a field.
    /// A template with fewer than 16 counts as 16.
    /// </summary>
    public int TemplateFields { get; init; } = 1_048_576;

    /// <summary>Sampling rates of each exporter, all its domains and samplers together.</summary>
    public int Samplers { get; init; } = 128;

    /// <summary>Fields of one template; a longer template is refused.</summary>
    public int FieldsPerTemplate { get; init; } = 4096;

    /// <summary>For how many seconds a template holds that is not announced again; 0: as long as there is room.</summary>
    public int TemplateSeconds { get; init; }

    /// <summary>Octets of data sets that wait for their template, all exporters together, and for how many seconds they do.</summary>
    public int PendingOctets { get; init; } = 16 << 20;
    public int PendingSeconds { get; init; } = 600;
}
