using System;
using System.Collections.Generic;
using System.Linq;
using Flowd.Records;

namespace Flowd.Config.Syntax;

/// <summary>How flowd.conf(5) calls what flow exports are made in.</summary>
internal static class ExportProtocolNames
{
    private static readonly (string Name, ExportProtocol Protocol)[] Rows =
    [
        ("netflow", ExportProtocol.NetFlow),
        ("ipfix", ExportProtocol.Ipfix),
        ("sflow", ExportProtocol.SFlow),
    ];

    public static IEnumerable<string> All => Rows.Select(row => row.Name);

    public static bool TryFind(string name, out ExportProtocol protocol)
    {
        protocol = Array.Find(Rows, row => row.Name == name).Protocol;
        return protocol != ExportProtocol.Any;
    }

    public static string Of(ExportProtocol protocol) => Array.Find(Rows, row => row.Protocol == protocol).Name;
}
