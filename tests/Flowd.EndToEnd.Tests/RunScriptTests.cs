using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Flowd.Tests;

/// <summary>What a stranger types first.</summary>
public class RunScriptTests
{
    [Fact]
    public async Task It_shows_a_sample_of_every_protocol_then_what_arrives_and_ends_when_interrupted()
    {
        string folder = RunningFlowd.NewFolder();
        int port = FreePort.Take();
        var environment = new Dictionary<string, string> { ["DATA"] = folder, ["PORT"] = port.ToString(CultureInfo.InvariantCulture) };
        using Process script = Tool.Start(Path.Combine(SharedData.RepositoryRoot, "scripts", "run"), ["artifacts/dist"], environment);
        Task<string> errors = script.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        List<string> sample = await ReadUntil(script.StandardOutput, line => line.StartsWith("== listening", StringComparison.Ordinal));
        Assert.Equal(6, sample.Count(line => line.StartsWith("FLOW tag ", StringComparison.Ordinal)));

        using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
            socket.SendTo(Exports.Numbered(1), new IPEndPoint(IPAddress.Loopback, port));
        List<string> arrived = await ReadUntil(script.StandardOutput, line => line.StartsWith("FLOW ", StringComparison.Ordinal));
        Assert.Contains("src [192.0.2.10]:51512", arrived[^1], StringComparison.Ordinal);

        Tool.Run("/bin/kill", "-INT", script.Id.ToString(CultureInfo.InvariantCulture));
        Assert.True(script.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.True(script.ExitCode == 0, await errors);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<List<string>> ReadUntil(StreamReader output, Func<string, bool> isLast)
    {
        var lines = new List<string>();
        while (await output.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (isLast(line))
                return lines;
        }

        Assert.Fail("the script ended early:\n" + string.Join('\n', lines));
        return lines;
    }
}
