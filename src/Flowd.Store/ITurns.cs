using Microsoft.Win32.SafeHandles;

namespace Flowd.Store;

/// <summary>Turns at files that others append to as well.</summary>
public interface ITurns
{
    /// <summary>Waits until nobody else writes to the file, which then ends with what is whole.</summary>
    void Begin(SafeFileHandle file);

    /// <summary>The file ends with what is whole again.</summary>
    void End();
}
