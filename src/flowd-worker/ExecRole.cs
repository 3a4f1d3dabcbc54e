using System;
using Flowd.Platform;
using Flowd.Privsep;
using Microsoft.Win32.SafeHandles;

namespace Flowd.WorkerProcess;

/// <summary>Becomes the command that is to be run for a finished log, without rights. The monitor's end of the channel closes when that ends.</summary>
internal sealed class ExecRole(ChannelEnd monitor, Options options)
{
    public int Run()
    {
        if (monitor.Receive(out Message _, out SafeFileHandle? file, wait: true) != ChannelStatus.Message || file is null)
            throw new InvalidOperationException("the monitor did not send a file");
        SandboxOptions user = options.Sandbox;
        Privileges.Become(user.Root is null ? null : (user.Uid, user.Gid), options.Command, options.FileName, file);
        return 0;
    }
}
