using System;
using System.IO;

namespace Flowd.Tests;

/// <summary>flowd -r: captures through the whole of flowd, in the place of the network.</summary>
public class CaptureRunTests
{
    // The same datagrams, in each form of file, give the same log to the octet. Needs the corpus of captures, and editcap for the other form.
    [Fact]
    public void Pcap_and_pcapng_and_standard_input_give_the_same_log()
    {
        string folder = RunningFlowd.NewFolder();
        foreach (string name in new[] { "bk-nf9-mixed.pcap", "bk-ipfix.pcap", "bk-nf5.pcap" })
        {
            string pcap = SharedData.PathOf("corpus", name);
            string other = Path.Combine(folder, "other.pcapng");
            Assert.Equal(0, Tool.Run(Tool.Installed("editcap"), "-F", "pcapng", pcap, other).Status);
            byte[] log = Collect(folder, pcap);
            Assert.NotEmpty(log);
            Assert.Equal(log, Collect(folder, other));
            Assert.Equal(log, Collect(folder, "-", pcap));
        }
    }

    [Fact]
    public void Nothing_is_bound_and_no_state_is_kept()
    {
        string folder = RunningFlowd.NewFolder();
        string state = Path.Combine(folder, "state");
        (int status, string said) = Flowd(folder, Ipfix(folder), extra: $"statefile \"{state}\"\npidfile \"{folder}/pid\"");
        Assert.True(status == 0, said);
        Assert.Contains("1 flows stored", said, StringComparison.Ordinal);
        Assert.False(File.Exists(state));
        Assert.False(File.Exists(Path.Combine(folder, "pid")));
    }

    // Which has all of it, in its order.
    [Fact]
    public void There_is_one_worker_however_many_are_configured()
    {
        string folder = RunningFlowd.NewFolder();
        (int status, string said) = Flowd(folder, Ipfix(folder), extra: "workers 3");
        Assert.True(status == 0, said);
        Assert.Contains("1 flows stored", said, StringComparison.Ordinal);
        Assert.DoesNotContain("worker 0", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("000A000F655FC0000000000000000001", "offset 0")]
    [InlineData("000A0010655FC0000000000000000001" + "000A", "offset 16")]
    [InlineData("0B0B0B0B", "neither pcap")]
    [InlineData("000A0014655FC00000000000000000010100" + "0003", "1 errors in datagrams")]
    public void Anything_bad_gives_status_1_and_is_told_with_its_place(string hex, string message)
    {
        string folder = RunningFlowd.NewFolder();
        string file = Path.Combine(folder, "bad");
        File.WriteAllBytes(file, Convert.FromHexString(hex));
        (int status, string said) = Flowd(folder, file);
        Assert.Equal(1, status);
        Assert.Contains(file, said, StringComparison.Ordinal);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    // A VRF has a name, which is told twice; the half line at the end of the file is from a crash.
    [Fact]
    public void What_exporters_tell_beside_flows_goes_to_a_log_of_notes()
    {
        string folder = RunningFlowd.NewFolder();
        string file = Path.Combine(folder, "ipfix"), notes = Path.Combine(folder, "notes");
        const string data = "000A001C655FC0000000000000000001" + "0102000C0000000503726564";
        File.WriteAllBytes(file, Convert.FromHexString("000A0022655FC0000000000000000001" + "00030012010200020001" + "00EA000400ECFFFF" + data + data));
        File.WriteAllText(notes, "{}\n{\"type\":\"opt");
        (int status, string said) = Flowd(folder, file, extra: $"logfile \"{notes}\" notes");
        Assert.True(status == 0, said);
        string[] lines = File.ReadAllLines(notes);
        Assert.Equal(2, lines.Length);
        Assert.EndsWith("\"scope\":{\"ingressVRFID\":5},\"elements\":{\"VRFname\":\"red\"}}", lines[1], StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText(Path.Combine(folder, "log"))); // options are no flows

        File.WriteAllText(notes, "no notes\n");
        (status, said) = Flowd(folder, file, extra: $"logfile \"{notes}\" notes");
        Assert.Equal(1, status);
        Assert.Equal("no notes\n", File.ReadAllText(notes));
    }

    [Fact]
    public void A_file_that_is_not_there_gives_status_1()
    {
        (int status, string said) = Flowd(RunningFlowd.NewFolder(), "/nowhere/at/all");
        Assert.Equal(1, status);
        Assert.Contains("/nowhere/at/all: open: No such file", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_cannot_be_written_gives_status_1()
    {
        string folder = RunningFlowd.NewFolder();
        (int status, string said) = Flowd(folder, Ipfix(folder), log: "/dev/full");
        Assert.True(status == 1, said);
    }

    private static string Ipfix(string folder)
    {
        string file = Path.Combine(folder, "ipfix");
        File.WriteAllBytes(file, Convert.FromHexString(
            "000A0031655FC0000000000000000001" + "00020014" + "01000003000800040004000100020004" + "0100000D" + "0A00000106" + "00000005"));
        return file;
    }

    private static byte[] Collect(string folder, string file, string? input = null)
    {
        string log = Path.Combine(folder, "log");
        File.Delete(log);
        (int status, string said) = Flowd(folder, file, input);
        Assert.True(status == 0, said);
        return File.ReadAllBytes(log);
    }

    private static (int Status, string Said) Flowd(string folder, string file, string? input = null, string extra = "", string? log = null)
    {
        string configuration = Path.Combine(folder, "flowd.conf");
        File.WriteAllText(configuration, $"listen on 127.0.0.1:1\nlogfile \"{log ?? folder + "/log"}\"\nstore ALL\nstore EXTENDED\n{extra}\n");
        string[] command = [Tool.Published("flowd"), "-r", file, "-f", configuration, "-X", "INSECURE"];
        ToolResult result = input is null ? Tool.Run(command[0], command[1..]) : Tool.Run("/bin/sh", ["-c", $"exec '{string.Join("' '", command)}' < '{input}'"]);
        return (result.Status, result.Errors);
    }
}
