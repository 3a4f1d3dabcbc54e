using System.ComponentModel;

namespace Flowd.Platform;

/// <summary>The capabilities of the calling thread, capabilities(7).</summary>
internal static unsafe class Capabilities
{
    private const int BitsInWord = 32;

    /// <summary>
    /// Empties the bounding set, so that not even the start of a program with capabilities brings one back. Takes CAP_SETPCAP; without it
    /// only no_new_privs keeps them from coming back.
    /// </summary>
    public static void DropBoundingSet()
    {
        if (!HasEffective(Libc.CAP_SETPCAP))
            return;
        for (nuint capability = 0; Libc.prctl(Libc.PR_CAPBSET_READ, capability, 0, 0, 0) is >= 0 and int isThere; capability++)
        {
            if (isThere == 0)
                continue;
            Libc.Check(Libc.prctl(Libc.PR_CAPBSET_DROP, capability, 0, 0, 0), "PR_CAPBSET_DROP");
            if (Libc.prctl(Libc.PR_CAPBSET_READ, capability, 0, 0, 0) != 0)
                throw new Win32Exception(Libc.EPERM, $"capability {capability} stays in the bounding set");
        }
    }

    /// <summary>Clears the permitted, effective, inheritable and ambient sets.</summary>
    public static void DropAll()
    {
        _ = Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); // falls with the inheritable set anyway
        Libc.cap_user_header header = Header();
        Libc.cap_user_data* nothing = stackalloc Libc.cap_user_data[2];
        Libc.Check(Libc.capset(&header, nothing));
        Libc.cap_user_data* left = stackalloc Libc.cap_user_data[2];
        Libc.Check(Libc.capget(&header, left));
        for (int i = 0; i < 2; i++)
        {
            if ((left[i].effective | left[i].permitted | left[i].inheritable) != 0)
                throw new Win32Exception(Libc.EPERM, "capabilities are left");
        }
    }

    private static bool HasEffective(int capability)
    {
        Libc.cap_user_header header = Header();
        Libc.cap_user_data* held = stackalloc Libc.cap_user_data[2];
        Libc.Check(Libc.capget(&header, held));
        return (held[capability / BitsInWord].effective & 1u << capability % BitsInWord) != 0;
    }

    private static Libc.cap_user_header Header() => new() { version = Libc._LINUX_CAPABILITY_VERSION_3 };
}
