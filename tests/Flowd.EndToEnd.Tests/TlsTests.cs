using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

namespace Flowd.Tests;

/// <summary>IPFIX over TLS (RFC 7011 section 11.3), with openssl at the other end: whose certificate is good is heard, and nobody else.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = RunningFlowd.NewFolder();
    private readonly TestCertificates _authority;
    private readonly (string Certificate, string Key) _own;
    private readonly (string Certificate, string Key) _exporter;

    public TlsTests()
    {
        _authority = new TestCertificates(_folder);
        _own = _authority.Make("collector");
        _exporter = _authority.Make("exporter");
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void An_exporter_with_a_good_certificate_is_heard(string version)
    {
        const int Flows = 1000;
        using RunningFlowd flowd = RunningFlowd.Start(Configuration());
        byte[] messages = [.. IpfixMessages.Template(), .. Enumerable.Range(1, Flows).SelectMany(i => IpfixMessages.Flow((uint)i))];

        using Process client = OpenSsl(flowd.Port, messages, version, "-cert", _exporter.Certificate, "-key", _exporter.Key, "-verify_return_error");

        Assert.Equal(Enumerable.Range(1, Flows).Select(i => (uint)i), flowd.WaitForRecords(Flows).Select(record => record.Sequence));
        flowd.WaitForStatistic("0 connections, 1 so far; 1 closed by the exporter");
        Assert.True(client.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(0, flowd.Stop());
    }

    [Fact]
    public void Who_has_no_certificate_or_one_of_somebody_else_is_not_heard()
    {
        var others = new TestCertificates(_folder, "others");
        (string Certificate, string Key) stranger = others.Make("stranger");
        (string Certificate, string Key) expired = _authority.Make("expired", days: 0.5);
        using RunningFlowd flowd = RunningFlowd.Start(Configuration());
        byte[] messages = [.. IpfixMessages.Template(), .. IpfixMessages.Flow(1)];
        string[][] attempts =
        [
            [],
            ["-cert", stranger.Certificate, "-key", stranger.Key],
            ["-cert", expired.Certificate, "-key", expired.Key],
            ["-cert", _exporter.Certificate, "-key", _exporter.Key, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
        ];
        foreach (string[] attempt in attempts)
        {
            using Process client = OpenSsl(flowd.Port, messages, attempt);
            Assert.True(client.WaitForExit(TimeSpan.FromSeconds(20)), string.Join(' ', attempt));
        }

        flowd.WaitForStatistic($"0 so far; {attempts.Length} no TLS, or no certificate that is good");
        flowd.WaitFor("127.0.0.1: connection refused: no TLS, or no certificate that is good");
        Assert.Empty(RunningFlowd.ReadLog(flowd.LogPath));
    }

    [Fact]
    public void Rubbish_in_place_of_a_handshake_ends_the_connection()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Configuration() + "limit message-time 1\n");
        byte[] hello = [0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3];
        var random = new Random(1);
        byte[] noise = new byte[100_000];
        random.NextBytes(noise);
        foreach (byte[] rubbish in (byte[][])["GET / HTTP/1.1\r\n\r\n"u8.ToArray(), IpfixMessages.Template(), noise, [.. hello, .. noise]])
        {
            using var peer = new Peer(flowd.Port);
            try
            {
                peer.Send(rubbish);
            }
            catch (SocketException)
            {
                // it was sent away before it had said all
            }

            Assert.True(peer.IsClosed());
        }

        using var slow = new Peer(flowd.Port);
        slow.Send(hello);
        Assert.True(slow.IsClosed());
        flowd.WaitForStatistic("0 so far; 1 too slow; 4 no TLS");

        using Process client = OpenSsl(flowd.Port, [.. IpfixMessages.Template(), .. IpfixMessages.Flow(1)], "-cert", _exporter.Certificate, "-key", _exporter.Key);
        flowd.WaitForRecords(1);
    }

    [Fact]
    public void Any_exporter_is_heard_where_the_configuration_says_so()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Configuration("any"));
        using Process client = OpenSsl(flowd.Port, [.. IpfixMessages.Template(), .. IpfixMessages.Flow(1)]);
        flowd.WaitForRecords(1);
    }

    [Fact]
    public void New_certificates_are_taken_with_a_reload_and_connections_stay()
    {
        using RunningFlowd flowd = RunningFlowd.Start(Configuration("any"));
        using SslStream before = Connect(flowd.Port, out string first);
        before.Write([.. IpfixMessages.Template(), .. IpfixMessages.Flow(1)]);
        flowd.WaitForRecords(1);

        _authority.Make("collector");
        flowd.Reconfigure(Configuration("any"));
        flowd.WaitFor("the new configuration is in force");
        flowd.Until(() => Presented(flowd.Port) != first, () => "the certificate stays", mayEnd: false);
        before.Write(IpfixMessages.Flow(2));
        Assert.Equal([1u, 2u], flowd.WaitForRecords(2).Select(record => record.Sequence));

        string second = Presented(flowd.Port);
        File.WriteAllText(_own.Certificate, "no certificate");
        flowd.Reconfigure(Configuration("any"));
        flowd.WaitFor($"tls: {_own.Certificate}: ");
        Assert.Equal(second, Presented(flowd.Port)); // what is wrong leaves what was right in force
        before.Write(IpfixMessages.Flow(3));
        flowd.WaitForRecords(3);
    }

    [Theory]
    [InlineData("collector.pem", "rubbish")]
    [InlineData("collector.pem", "")]
    [InlineData("collector.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("collector.key", null)] // that of another
    [InlineData("authority.pem", "rubbish")]
    public void Wrong_files_end_the_start(string name, string? content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content ?? File.ReadAllText(_exporter.Key));
        using RunningFlowd flowd = RunningFlowd.Launch(Configuration());

        Assert.Equal(1, flowd.WaitForExit());
        Assert.Contains($"tls: {path}: ", flowd.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("listening", flowd.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_ends_the_start()
    {
        File.Delete(_own.Key);
        using RunningFlowd flowd = RunningFlowd.Launch(Configuration());

        Assert.Equal(1, flowd.WaitForExit());
        Assert.Contains($"{_own.Key}: open: No such file", flowd.Messages, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Configuration(string? clients = null)
        => $"listen on 127.0.0.1:{{port}} tls certificate \"{_own.Certificate}\" key \"{_own.Key}\" clients {clients ?? $"\"{_authority.AuthorityPath}\""}\nstore ALL\n";

    private Process OpenSsl(int port, byte[] messages, params string[] options)
    {
        string input = Path.Combine(_folder, Guid.NewGuid().ToString());
        File.WriteAllBytes(input, messages);
        string[] command = [Tool.Installed("openssl"), "s_client", "-quiet", "-no_ign_eof", "-nocommands", "-connect", $"127.0.0.1:{port}", "-CAfile", _authority.AuthorityPath, .. options];
        // Without -nocommands a message that happens to begin a read with one of some letters is a command. The sleep: it would close before a handshake is over that is refused by TLS 1.3 in its end.
        return Tool.Start("/bin/sh", ["-c", "in=$1; shift; { cat \"$in\"; sleep 1; } | \"$@\"", "sh", input, .. command]);
    }

    private SslStream Connect(int port, out string certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(_authority.AuthorityPath);
        var socket = new TcpClient("127.0.0.1", port);
        var stream = new SslStream(socket.GetStream());
        stream.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "collector", CertificateChainPolicy = policy });
        certificate = ((X509Certificate2)stream.RemoteCertificate!).Thumbprint;
        return stream;
    }

    private string Presented(int port)
    {
        using SslStream stream = Connect(port, out string certificate);
        return certificate;
    }
}
