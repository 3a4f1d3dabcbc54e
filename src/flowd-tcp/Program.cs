using Flowd.Platform;
using Flowd.Privsep;

namespace Flowd.TcpProcess;

/// <summary>Takes connections of exporters, with or without TLS, cuts what comes into IPFIX messages, and hands them to the worker.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        string? trouble = TlsLibrary.Load(); // a file; after this no file can be opened
        return ServerProgram.Run("flowd-tcp", arguments, SandboxRole.Tcp, Party.Tcp, (monitor, log) => new TcpRole(monitor, log, trouble).Run());
    }
}
