using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Flowd.Anonymize;
using Flowd.Config;
using Flowd.Decode;
using Flowd.Privsep;
using Flowd.Records;
using Flowd.Worker;

namespace Flowd.Tests;

/// <summary>Keys for `anonymize`, and what is forwarded under it.</summary>
public class AnonymousForwardingTests
{
    private const string Start = "listen on 127.0.0.1:2055\nlogfile \"/log\"\n";
    private const string CryptoPan = Start + "forward to 127.0.0.1:9 anonymize cryptopan \"/key\"\n";

    private static readonly uint FirstForward = new KeyOwner(IsForward: true, 0).Number;
    private static readonly byte[] KeyOctets = [.. Enumerable.Range(7, 32).Select(i => (byte)i)];

    [Fact]
    public void A_copy_has_other_addresses_and_is_else_the_same()
    {
        using var worker = new SmallWorker(CryptoPan, With(KeyOctets));
        AddressAnonymizer anonymizer = Anonymizer();
        foreach (byte[] datagram in new[] { Exports.NetFlow1, Exports.NetFlow5, Exports.NetFlow7, Exports.NetFlow9, Exports.Ipfix })
        {
            worker.Receive(datagram);
            byte[] copy = Assert.IsType<byte[]>(worker.TakeForwarded());

            Assert.Equal(datagram.Length, copy.Length);
            FlowRecord[] wanted = Decode(datagram);
            for (int i = 0; i < wanted.Length; i++)
                anonymizer.Apply(ref wanted[i]);
            Assert.NotEmpty(wanted);
            Assert.Equal(wanted, Decode(copy));
        }
    }

    [Fact]
    public void What_is_not_understood_is_withheld_there_and_passed_on_elsewhere()
    {
        using var worker = new SmallWorker(Start + "forward to 127.0.0.1:9 anonymize truncate 16\nforward to 127.0.0.1:10\n");
        byte[] junk = [0, 0, 0, 5, 0, 0, 0, 1, 10, 0, 0, 1];

        worker.Receive(junk);
        Assert.Equal(junk, worker.TakeForwarded());
        Assert.Null(worker.TakeForwarded());
        worker.Receive(Exports.NetFlow5);
        Assert.Equal(Exports.NetFlow5, worker.TakeForwarded());
        Assert.NotEqual(Exports.NetFlow5, worker.TakeForwarded());

        string text = worker.Text();
        Assert.Contains("flowd_forward_withheld_datagrams_total{target=\"[127.0.0.1]:9\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("flowd_forward_sent_datagrams_total{target=\"[127.0.0.1]:9\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("flowd_forward_withheld_datagrams_total{target=\"[127.0.0.1]:10\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("flowd_forward_sent_datagrams_total{target=\"[127.0.0.1]:10\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Truncation_keeps_what_the_line_says()
    {
        using var worker = new SmallWorker(Start + "forward to 127.0.0.1:9 anonymize truncate 8 32\n");

        worker.Receive(Exports.NetFlow5);

        Assert.All(Decode(worker.TakeForwarded()!), record => Assert.Equal(0u, record.SourceAddress.Low & 0xFFFFFF | record.DestinationAddress.Low & 0xFFFFFF));
    }

    public static TheoryData<string> NoKeys => new() { "", "short", new string('0', 64), "none at all" };

    [Theory, MemberData(nameof(NoKeys))]
    public void Without_a_key_there_are_no_addresses(string content)
    {
        Dictionary<uint, KeyFileContent> keys = content == "none at all" ? [] : With(Encoding.ASCII.GetBytes(content));
        using var worker = new SmallWorker(CryptoPan, keys);

        string trouble = Assert.Single(worker.Subjects.Pipeline.Policy.KeyTroubles);
        Assert.StartsWith("forward to 127.0.0.1: /key: ", trouble, StringComparison.Ordinal);
        worker.Receive(Exports.NetFlow5);
        Assert.All(Decode(worker.TakeForwarded()!), record => Assert.Equal(0u, record.SourceAddress.Low | record.DestinationAddress.Low | record.GatewayAddress.Low));
    }

    [Fact]
    public void Each_line_has_what_it_says()
    {
        Configuration configuration = Parse("""
            listen on 127.0.0.1:2055
            logfile "/a" anonymize cryptopan "/key"
            logfile "/b" anonymize truncate 8
            logfile "/c"
            logfile "/d" anonymize cryptopan "/key"
            forward to 127.0.0.1:9 anonymize cryptopan "/key"

            """);
        var anonymizers = new Anonymizers(configuration, new Dictionary<uint, KeyFileContent> { [new KeyOwner(IsForward: false, 0).Number] = Read(KeyOctets) });

        Assert.Empty(anonymizers.Troubles);
        Assert.Null(anonymizers.OfLog(2));
        Assert.Equal(Address.FromIPv4(0x0A000000), anonymizers.OfLog(1)!.Map(Address.FromIPv4(0x0A010203)));
        Assert.Equal(Anonymizer().Map(Address.FromIPv4(0x0A010203)), anonymizers.OfLog(0)!.Map(Address.FromIPv4(0x0A010203)));
        Assert.Same(anonymizers.OfLog(0), anonymizers.OfLog(3));
        Assert.Same(anonymizers.OfLog(0), anonymizers.OfForward(0));
    }

    // The monitor keeps the file open for the next worker, which must be able to read it again.
    [Fact]
    public void A_key_file_is_read_from_its_start()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, KeyOctets);
        try
        {
            for (int i = 0; i < 2; i++)
            {
                KeyFileContent content = KeyFileContent.ReadAndClose(File.OpenHandle(path));
                Assert.Equal("", content.Trouble);
                Assert.NotNull(content.Key);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Nothing_is_allocated_for_a_datagram()
    {
        using var worker = new SmallWorker(CryptoPan, With(KeyOctets));
        worker.Receive(Exports.NetFlow5);
        worker.Receive(Exports.NetFlow5);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
                worker.Receive(Exports.NetFlow5);
        }));
    }

    private static Dictionary<uint, KeyFileContent> With(byte[] content) => new() { [FirstForward] = Read(content) };

    private static KeyFileContent Read(byte[] content)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, content);
        KeyFileContent read = KeyFileContent.ReadAndClose(File.OpenHandle(path));
        File.Delete(path);
        return read;
    }

    private static AddressAnonymizer Anonymizer()
    {
        Assert.Equal(KeyError.None, AnonymizationKey.TryParse(KeyOctets, out AnonymizationKey? key));
        return AddressAnonymizer.CryptoPan(key!);
    }

    private static Configuration Parse(string text)
    {
        ParseResult parsed = ConfigParser.Parse(text, "test", new Dictionary<string, string>(), ConfigScope.Daemon);
        Assert.True(parsed.Configuration is not null, string.Join('\n', parsed.Diagnostics));
        return parsed.Configuration;
    }

    private static FlowRecord[] Decode(byte[] datagram)
    {
        var batch = new RecordBatch(64);
        new DatagramDecoder(new DecodeLimits()).Decode(datagram, new DatagramOrigin(SmallWorker.Someone, 0, 0), batch);
        return batch.Records.ToArray();
    }
}
