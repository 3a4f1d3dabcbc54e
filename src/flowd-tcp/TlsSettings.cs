using System;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Flowd.Config;
using Flowd.Privsep;

namespace Flowd.TcpProcess;

/// <summary>How one line speaks TLS (RFC 7011 section 11.3): who we are, and whose certificates we take.</summary>
internal static class TlsSettings
{
    /// <summary>Makes them of the texts of files; or says what is wrong with which of them.</summary>
    public static SslServerAuthenticationOptions? TryMake(TlsFiles files, Func<TlsFileKind, string> read, out string trouble)
    {
        string path = files.Certificate;
        trouble = "";
        try
        {
            var own = new X509Certificate2Collection();
            own.ImportFromPem(read(TlsFileKind.Certificate));
            if (own.Count == 0)
                throw new CryptographicException("no certificate in it");
            path = files.Key;
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(own[0].ExportCertificatePem(), read(TlsFileKind.Key));
            own.RemoveAt(0);
            if (files.Clients is null)
                return OptionsOf(certificate, own, null);
            path = files.Clients;
            var clients = new X509Certificate2Collection();
            clients.ImportFromPem(read(TlsFileKind.Clients));
            if (clients.Count == 0)
                throw new CryptographicException("no certificate in it");
            return OptionsOf(certificate, own, clients);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            trouble = $"{path}: {e.Message}";
            return null;
        }
    }

    /// <param name="certificate">Ours, with its key.</param>
    /// <param name="between">Those between it and its root.</param>
    /// <param name="clients">Roots of the certificates of exporters; null to ask for none.</param>
    public static SslServerAuthenticationOptions OptionsOf(X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection? clients) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(certificate, between, offline: true),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateRequired = clients is not null,
        CertificateChainPolicy = clients is null ? null : PolicyFor(clients),
        AllowRenegotiation = false,
        AllowTlsResume = false, // or a certificate that was taken once would be good for ever
    };

    /// <summary>Those roots and no others; nothing is asked for elsewhere.</summary>
    public static X509ChainPolicy PolicyFor(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
