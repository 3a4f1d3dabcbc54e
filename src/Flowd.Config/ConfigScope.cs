namespace Flowd.Config;

/// <summary>What a configuration is read for.</summary>
public enum ConfigScope : byte
{
    /// <summary>flowd(8): somewhere to listen and somewhere to write are mandatory.</summary>
    Daemon,

    /// <summary>flowd-reader(8) -f: only the rules and the fields to store count; nothing is mandatory.</summary>
    Filter,
}
