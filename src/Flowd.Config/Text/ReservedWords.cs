using System.Collections.Frozen;
using System.Collections.Generic;

namespace Flowd.Config.Text;

/// <summary>Words that mean something wherever they stand without quotes. Directives that 0.9.1 did not have are none: configurations may use them as names.</summary>
internal static class ReservedWords
{
    private static readonly FrozenSet<string> Words = new[]
    {
        "accept", "after", "agent", "all", "any", "before", "bufsize", "date", "days", "discard", "dst", "equals", "flow", "forward", "group",
        "in_ifndx", "inet", "inet6", "join", "listen", "logfile", "logsock", "mask", "on", "out_ifndx", "pidfile", "port", "proto", "quick",
        "source", "src", "store", "tag", "tcp_flags", "to", "tos",
    }.ToFrozenSet();

    public static IEnumerable<string> All => Words;

    public static bool Contains(string word) => Words.Contains(word);
}
