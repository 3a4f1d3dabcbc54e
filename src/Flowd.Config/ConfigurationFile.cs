namespace Flowd.Config;

/// <summary>What came of opening a file that a configuration names: its octets, or null and why not.</summary>
public readonly record struct ConfigurationFile(byte[]? Content, string Trouble = "")
{
    /// <summary>Octets of a file with directives and rules, and of one with the prefixes of a table.</summary>
    public const int LargestText = 64 << 20;
    public const int LargestTable = 512 << 20;
}

/// <summary>
/// Reads a file that a configuration names, up to so many octets, for who parses and may not do so itself: a longer one has a trouble.
/// </summary>
public delegate ConfigurationFile ReadConfigurationFile(string path, int most);
