using System;
using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Flowd.TcpProcess;

/// <summary>OpenSSL, which the class library loads at its first use, with a configuration of its own.</summary>
internal static class TlsLibrary
{
    /// <summary>Has it loaded, and everything read that it reads late; returns why there is no TLS, null if there is.</summary>
    public static string? Load()
    {
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=flowd", key, HashAlgorithmName.SHA256);
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
            using var chain = new X509Chain { ChainPolicy = TlsSettings.PolicyFor([certificate]) };
            chain.Build(certificate);
            HearNobody(certificate);
            return null;
        }
        catch (Exception e) when (e is CryptographicException or DllNotFoundException or TypeInitializationException or PlatformNotSupportedException)
        {
            return (e.InnerException ?? e).Message;
        }
    }

    // A handshake with somebody who is gone at once makes all that a real one needs.
    private static void HearNobody(X509Certificate2 certificate)
    {
        using var stream = new SslStream(new MemoryStream());
        try
        {
            stream.AuthenticateAsServer(TlsSettings.OptionsOf(certificate, [], null));
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
        }
    }
}
