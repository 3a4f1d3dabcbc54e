using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;

namespace Flowd.Tests;

/// <summary>Standard error that leads to systemd-journald: each line begins with its level, sd-daemon(3).</summary>
public class JournalTests
{
    [Theory]
    [InlineData("yes", "^<[3-6]>[^<]")]
    [InlineData("no", "^[^<]")]
    public void Lines_have_a_level_where_the_journal_reads_them(string isJournal, string expected)
    {
        string folder = RunningFlowd.NewFolder();
        string path = Path.Combine(folder, "journal");
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        using RunningFlowd flowd = RunningFlowd.LaunchUnder(Script.Python("journal.py", path, isJournal));
        using Socket journal = server.Accept();
        journal.ReceiveTimeout = 20_000;
        using var reader = new StreamReader(new NetworkStream(journal));

        List<string> lines = [];
        ReadUntil("listening on");
        flowd.Send(Hex.Parse("00090001 00000000 00000000 00000001 0000002A", "01900008 00000000")); // the worker has something to say
        ReadUntil("domain 42");

        Assert.All(lines, line => Assert.Matches(expected, line));
        Assert.Empty(flowd.Messages);
        Directory.Delete(folder, recursive: true);

        void ReadUntil(string text)
        {
            do
                lines.Add(reader.ReadLine()!);
            while (!lines[^1].Contains(text, StringComparison.Ordinal));
        }
    }
}
