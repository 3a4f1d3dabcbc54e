namespace Flowd.Reader;

/// <summary>How much of a record is printed (-q, neither, -v).</summary>
internal enum Verbosity
{
    Quiet,
    Brief,
    Full,
}

/// <summary>How records are printed (-c, --csv-full, -j).</summary>
internal enum OutputFormat
{
    Text,
    Csv,
    FullCsv,
    Json,
}
