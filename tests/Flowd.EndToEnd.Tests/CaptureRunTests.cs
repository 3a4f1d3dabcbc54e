using System;
using System.IO;
using Flowd.Platform;

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

    // Records that need no decoding are filtered on the wire. A rule that asks how long flows lasted, which these do not tell, makes flowd decode all of them.
    [Theory]
    [InlineData("discard proto udp\naccept tag 7 src 10.0.0.0/8\nmatch tag 3 dst 192.0.0.0/8\naccept tag 9 quick dst any port < 1000 proto tcp")]
    [InlineData("discard all\naccept proto tcp\nmatch tag 2 octets > 30000\naccept tag 5 src port { 1-20000, 40000-50000 } proto udp")]
    public void Rules_make_the_same_log_whether_records_are_decoded_or_not(string rules)
    {
        string folder = RunningFlowd.NewFolder();
        string file = Path.Combine(folder, "ipfix");
        File.WriteAllBytes(file, RandomFlows(new Random(1), messages: 50, recordsInEach: 41));
        byte[] log = Collect("");
        Assert.InRange(log.Length, 50_000, 50 * 41 * 100);
        Assert.Equal(log, Collect("match tag 77 duration > 1s"));

        byte[] Collect(string more)
        {
            string path = Path.Combine(folder, "log");
            File.Delete(path);
            (int status, string said) = Flowd(folder, file, extra: $"{rules}\n{more}", store: "ALL");
            Assert.True(status == 0, said);
            return File.ReadAllBytes(path);
        }
    }

    // What is compiled for the processors at hand, and what for any.
    [Fact]
    public void Each_worker_makes_the_same_log()
    {
        string folder = RunningFlowd.NewFolder();
        string file = Path.Combine(folder, "ipfix"), alone = Path.Combine(folder, "flowd");
        foreach (string program in (string[])["flowd", "flowd-worker"])
            File.Copy(Tool.Published(program), Path.Combine(folder, program));
        File.WriteAllBytes(file, RandomFlows(new Random(2), messages: 50, recordsInEach: 41));

        byte[] log = Collect(folder, file);

        Assert.InRange(log.Length, 50_000, 50 * 41 * 100);
        Assert.Equal(log, Collect(folder, file, program: alone));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_worker_for_better_processors_is_taken_where_they_are()
    {
        using RunningFlowd flowd = RunningFlowd.Start();
        string program = File.ResolveLinkTarget($"/proc/{flowd.ChildOf("worker")}/exe", returnFinalTarget: false)!.FullName;
        Assert.Equal(Path.Combine(Path.GetDirectoryName(Tool.Published("flowd"))!, Processor.WideFolder ?? "", "flowd-worker"), program);
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

    // Addresses, ports, protocol, octets.
    private static byte[] RandomFlows(Random random, int messages, int recordsInEach)
    {
        const int recordLength = 17;
        using var file = new MemoryStream();
        file.Write(IpfixMessages.Message(0, domain: 1, set: 2, Convert.FromHexString("01000006" + "00080004000C000400070002000B00020004000100010004")));
        for (uint message = 0; message < messages; message++)
        {
            byte[] records = new byte[recordsInEach * recordLength];
            random.NextBytes(records);
            for (Span<byte> record = records; !record.IsEmpty; record = record[recordLength..])
            {
                record[0] = random.Next(2) == 0 ? (byte)10 : record[0];
                record[4] = random.Next(2) == 0 ? (byte)192 : record[4];
                record[12] = (byte)(random.Next(3) == 0 ? 17 : 6);
                record.Slice(13, 2).Clear();
            }

            file.Write(IpfixMessages.Message(message * (uint)recordsInEach, domain: 1, set: 256, records));
        }

        return file.ToArray();
    }

    private static string Ipfix(string folder)
    {
        string file = Path.Combine(folder, "ipfix");
        File.WriteAllBytes(file, Convert.FromHexString(
            "000A0031655FC0000000000000000001" + "00020014" + "01000003000800040004000100020004" + "0100000D" + "0A00000106" + "00000005"));
        return file;
    }

    private static byte[] Collect(string folder, string file, string? input = null, string? program = null)
    {
        string log = Path.Combine(folder, "log");
        File.Delete(log);
        (int status, string said) = Flowd(folder, file, input, program: program);
        Assert.True(status == 0, said);
        return File.ReadAllBytes(log);
    }

    private static (int Status, string Said) Flowd(string folder, string file, string? input = null, string extra = "", string? log = null, string store = "ALL\nstore EXTENDED", string? program = null)
    {
        string configuration = Path.Combine(folder, "flowd.conf");
        File.WriteAllText(configuration, $"listen on 127.0.0.1:1\nlogfile \"{log ?? folder + "/log"}\"\nstore {store}\n{extra}\n");
        string[] command = [program ?? Tool.Published("flowd"), "-r", file, "-f", configuration, "-X", "INSECURE"];
        ToolResult result = input is null ? Tool.Run(command[0], command[1..]) : Tool.Run("/bin/sh", ["-c", $"exec '{string.Join("' '", command)}' < '{input}'"]);
        return (result.Status, result.Errors);
    }
}
